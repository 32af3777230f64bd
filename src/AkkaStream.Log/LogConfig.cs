using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>
/// What a log needs to know of its topic's and broker's settings, already checked and in plain numbers; Kafka's property names stand beside
/// them. Immutable: a change is a new one, handed to <see cref="PartitionLog.Configure"/>.
/// </summary>
public sealed record LogConfig
{
    public static readonly LogConfig Default = new();

    /// <summary>segment.bytes</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary>segment.ms</summary>
    public long SegmentMs { get; init; } = 7L * 24 * 3600 * 1000;

    /// <summary>segment.jitter.ms: up to this much is taken off, by segment, so that logs do not all roll at once.</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary>index.interval.bytes</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary>segment.index.bytes</summary>
    public int IndexMaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>max.message.bytes</summary>
    public int MaxMessageBytes { get; init; } = 1048588;

    /// <summary>cleanup.policy</summary>
    public CleanupPolicy Cleanup { get; init; } = CleanupPolicy.Delete;

    /// <summary>retention.ms; -1 is for ever.</summary>
    public long RetentionMs { get; init; } = 7L * 24 * 3600 * 1000;

    /// <summary>retention.bytes; -1 is without bound.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>file.delete.delay.ms</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary>message.timestamp.type</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>message.timestamp.before.max.ms</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary>message.timestamp.after.max.ms</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary>compression.type; null is "producer": as it came.</summary>
    public CompressionCodec? Compression { get; init; }

    /// <summary>compression.gzip.level, .lz4.level or .zstd.level, whichever belongs to the codec; 0 is its default.</summary>
    public int CompressionLevel { get; init; }

    /// <summary>min.compaction.lag.ms</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary>max.compaction.lag.ms</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary>delete.retention.ms</summary>
    public long DeleteRetentionMs { get; init; } = 24L * 3600 * 1000;

    /// <summary>min.cleanable.dirty.ratio</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary>flush.messages: with the append that makes as many, everything is synced before it is answered.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary>flush.ms: nothing stays unsynced for longer.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary>durability = fsync: what is answered, and what readers see, is on the disk.</summary>
    public bool SyncsFirst { get; init; }

    /// <summary>producer.id.expiration.ms of the broker.</summary>
    public long ProducerIdExpirationMs { get; init; } = 24L * 3600 * 1000;

    /// <summary>transaction.partition.verification.enable of the broker.</summary>
    public bool VerifiesTransactions { get; init; }

    /// <summary>Every append is synced before anybody hears of it.</summary>
    public bool SyncsEveryAppend => SyncsFirst || FlushMessages <= 1;

    public bool IsCompacted => (Cleanup & CleanupPolicy.Compact) != 0;

    /// <summary>A compacted log rolls early enough for the cleaner to keep its promise.</summary>
    internal long EffectiveSegmentMs => IsCompacted ? Math.Min(SegmentMs, MaxCompactionLagMs) : SegmentMs;

    internal int MaxOffsetEntries => IndexMaxBytes / Indexes.OffsetIndex.EntryBytes;
    internal int MaxTimeEntries => IndexMaxBytes / Indexes.TimeIndex.EntryBytes;
}
