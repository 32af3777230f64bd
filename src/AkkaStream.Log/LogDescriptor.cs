using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Log.Recovery;

namespace AkkaStream.Log;

/// <summary>
/// A log that nobody has needed yet: a name, and what the checkpoints say of it. No file is opened and nothing is listed until
/// <see cref="Open"/>, so ten thousand of them cost next to nothing.
/// </summary>
public sealed class LogDescriptor(LogDirectory directory, PartitionName name)
{
    public PartitionName Name { get; } = name;
    public LogDirectory Directory { get; } = directory;

    /// <summary>Known without looking only after a clean stop.</summary>
    public Offset? EndOffset => Directory.WasCleanStop ? Directory.RecoveryPointOf(Name) : null;

    public Offset? HighWatermark => Directory.HighWatermarkOf(Name);

    /// <summary>Bytes of all its files, by a listing.</summary>
    public long MeasureSize()
    {
        long size = 0;
        foreach (var file in Directory.Disk.List(Directory.PathOf(Name)))
            if (LogFileName.Parse(file.Name, out _) == LogFileKind.Log) size += file.Length;
        return size;
    }

    /// <summary>
    /// From when on retention would let something go, long.MaxValue for never; without opening the log. Only for one that was stopped cleanly:
    /// its files are what they seem. Waits for the disk.
    /// </summary>
    public long RetentionNotBefore(LogConfig config, long nowMs)
    {
        bool deletes = (config.Cleanup & CleanupPolicy.Delete) != 0;
        bool byTime = deletes && config.RetentionMs >= 0, bySize = deletes && config.RetentionBytes >= 0;
        long start = Directory.LogStartOf(Name)?.Value ?? 0;
        if (!byTime && !bySize && start == 0) return long.MaxValue;
        var segments = new SortedDictionary<long, LogFileEntry>();
        long total = 0;
        foreach (var file in Directory.Disk.List(Directory.PathOf(Name)))
        {
            if (LogFileName.Parse(file.Name, out long baseOffset) != LogFileKind.Log) continue;
            segments[baseOffset] = file;
            total += file.Length;
        }
        if (total == 0) return long.MaxValue;
        var (first, oldest) = segments.First();
        if (segments.Count > 1 && segments.Keys.ElementAt(1) <= start) return nowMs;
        if (bySize && total - oldest.Length >= config.RetentionBytes) return nowMs;
        if (!byTime) return long.MaxValue;
        long largest = LargestTimestamp(first) is { } stored and >= 0 ? stored : oldest.LastWriteMs;
        return largest > long.MaxValue - config.RetentionMs - 1 ? long.MaxValue : largest + config.RetentionMs + 1;
    }

    /// <summary>The last entry of the time index; null without one.</summary>
    long? LargestTimestamp(long baseOffset)
    {
        string path = Path.Combine(Directory.PathOf(Name), LogFileName.Of(baseOffset, LogFileName.TimeIndex));
        if (!Directory.Disk.FileExists(path)) return null;
        using var file = Directory.Disk.Open(path);
        long entries = file.Length / TimeIndex.EntryBytes;
        Span<byte> entry = stackalloc byte[sizeof(long)];
        if (entries == 0 || file.Read(entry, (entries - 1) * TimeIndex.EntryBytes) < entry.Length) return null;
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(entry);
    }

    /// <summary>The operator has left the word that what cannot be read is to be dropped, with everything behind it.</summary>
    public bool IsDamageGivenUp => Directory.Disk.FileExists(Path.Combine(Directory.PathOf(Name), LogRecovery.GiveUpFile));

    /// <summary>Checks what needs checking and makes the log ready. Waits for the disk.</summary>
    public PartitionLog Open(LogConfig config, long nowMs) =>
        PartitionLog.Open(Directory, Name, config, LogOpenOptions.After(Directory, Name, nowMs));
}
