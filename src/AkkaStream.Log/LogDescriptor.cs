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

    /// <summary>Checks what needs checking and makes the log ready. Waits for the disk.</summary>
    public PartitionLog Open(LogConfig config, long nowMs) =>
        PartitionLog.Open(Directory, Name, config, LogOpenOptions.After(Directory, Name, nowMs));
}
