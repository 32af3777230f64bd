using AkkaStream.Log.Cleaning;
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

    /// <summary>
    /// How dirty the log is, by a listing; the same as <see cref="PartitionLog.PlanCleaning"/> says when it is open, but for transactions that are
    /// under way. Only for one that was stopped cleanly. Waits for the disk.
    /// </summary>
    public CleaningPlan PlanCleaning(LogConfig config, long nowMs)
    {
        var sizes = new SortedDictionary<long, long>();
        foreach (var file in Directory.Disk.List(Directory.PathOf(Name)))
            if (LogFileName.Parse(file.Name, out long baseOffset) == LogFileKind.Log) sizes[baseOffset] = file.Length;
        if (sizes.Count < 2) return default;
        bool byTime = config.MinCompactionLagMs > 0 || config.MaxCompactionLagMs != long.MaxValue;
        CleaningSegment[] segments =
        [
            .. sizes.Select(segment =>
            {
                // The first time is not later than the largest: rather opened once for nothing than never.
                long largest = byTime ? LargestTimestamp(segment.Key) ?? -1 : -1;
                return new CleaningSegment(new Offset(segment.Key), (int)segment.Value, largest, largest);
            }),
        ];
        var start = Directory.LogStartOf(Name) ?? segments[0].BaseOffset;
        var end = EndOffset ?? segments[^1].BaseOffset;
        var bounds = new CleaningBounds(start, end, HighWatermark ?? end, end, Directory.CleanerPositionOf(Name));
        return CleaningPlan.For(segments, bounds, config, nowMs);
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

    /// <summary>What the log says of itself, without being opened. Waits for the disk.</summary>
    public LogSurvey Survey() => LogSurvey.Of(Directory.Disk, Directory.PathOf(Name));

    /// <summary>The operator has left the word that what cannot be read is to be dropped, with everything behind it.</summary>
    public bool IsDamageGivenUp => Directory.Disk.FileExists(Path.Combine(Directory.PathOf(Name), LogRecovery.GiveUpFile));

    /// <summary>Checks what needs checking and makes the log ready. Waits for the disk.</summary>
    public PartitionLog Open(LogConfig config, long nowMs) =>
        PartitionLog.Open(Directory, Name, config, LogOpenOptions.After(Directory, Name, nowMs));
}
