using AkkaStream.Log.Cleaning;

namespace AkkaStream.Replication;

/// <summary>How logs are compacted in the background; Kafka's property names stand beside them. May change while it runs.</summary>
public sealed record CleanerSettings
{
    /// <summary>log.cleaner.enable</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>log.cleaner.threads: partitions that are compacted at the same time.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>log.cleaner.backoff.ms: how long it rests when there is nothing to do.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>log.cleaner.io.max.bytes.per.second: read and written, all together.</summary>
    public double MostBytesPerSecond { get; init; } = double.MaxValue;

    /// <summary>log.cleaner.dedupe.buffer.size, shared by those at once.</summary>
    public long DedupeBufferBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>log.cleaner.io.buffer.load.factor</summary>
    public double LoadFactor { get; init; } = 0.9;

    /// <summary>log.cleaner.io.buffer.size, shared by those at once.</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    internal CleaningLimits LimitsFor(KeyHash hash) => new()
    {
        Hash = hash,
        DedupeBufferBytes = DedupeBufferBytes / Math.Max(1, AtOnce),
        LoadFactor = LoadFactor,
        IoBufferBytes = IoBufferBytes / Math.Max(1, AtOnce) / 2,
    };
}
