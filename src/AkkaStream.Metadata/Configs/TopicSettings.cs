using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Metadata.Configs;

/// <summary>
/// A topic's configs as plain values, computed once for each change and then read by every append and by the cleaner.
/// Times are milliseconds as Kafka counts them, because long.MaxValue, for ever, is no TimeSpan. Replication turns this
/// into the settings of the Log room. Immutable.
/// </summary>
public sealed record TopicSettings
{
    public required CleanupPolicy CleanupPolicy { get; init; }

    /// <summary>Null keeps the producer's codec.</summary>
    public required CompressionCodec? Compression { get; init; }
    public required int CompressionGzipLevel { get; init; }
    public required int CompressionLz4Level { get; init; }
    public required int CompressionZstdLevel { get; init; }
    public required int MaxMessageBytes { get; init; }
    public required TimestampType TimestampType { get; init; }
    public required long TimestampBeforeMaxMs { get; init; }
    public required long TimestampAfterMaxMs { get; init; }
    public required int MinInsyncReplicas { get; init; }
    public required bool UncleanLeaderElection { get; init; }

    /// <summary>The internal size for tests, where it is set, is in here already.</summary>
    public required int SegmentBytes { get; init; }
    public required long SegmentMs { get; init; }
    public required long SegmentJitterMs { get; init; }
    public required int SegmentIndexBytes { get; init; }
    public required int IndexIntervalBytes { get; init; }
    public required bool Preallocate { get; init; }
    public required long FlushMessages { get; init; }
    public required long FlushMs { get; init; }

    /// <summary>durability = fsync</summary>
    public required bool SyncsFirst { get; init; }

    /// <summary>-1 for no limit.</summary>
    public required long RetentionBytes { get; init; }

    /// <summary>-1 for ever.</summary>
    public required long RetentionMs { get; init; }
    public required long FileDeleteDelayMs { get; init; }
    public required long DeleteRetentionMs { get; init; }
    public required long MinCompactionLagMs { get; init; }
    public required long MaxCompactionLagMs { get; init; }
    public required double MinCleanableDirtyRatio { get; init; }
    public required ThrottledReplicas LeaderThrottled { get; init; }
    public required ThrottledReplicas FollowerThrottled { get; init; }

    public bool IsCompacted => CleanupPolicy.HasFlag(CleanupPolicy.Compact);

    /// <summary>
    /// A compacted partition rolls at the latest when its oldest record must be looked at by compaction.
    /// </summary>
    public long RollMs => IsCompacted ? Math.Min(MaxCompactionLagMs, SegmentMs) : SegmentMs;

    /// <summary>Jitter never takes away the whole time.</summary>
    public long MaxRollJitterMs => Math.Min(SegmentJitterMs, SegmentMs);

    public static TopicSettings Of(BrokerLayers broker, IReadOnlyDictionary<string, string> overrides)
    {
        var read = new Reader(broker, overrides);
        return new TopicSettings
        {
            CleanupPolicy = Policy(read.Items("cleanup.policy")),
            Compression = Codec(read.Text("compression.type")),
            CompressionGzipLevel = read.Int("compression.gzip.level"),
            CompressionLz4Level = read.Int("compression.lz4.level"),
            CompressionZstdLevel = read.Int("compression.zstd.level"),
            MaxMessageBytes = read.Int("max.message.bytes"),
            TimestampType = read.Text("message.timestamp.type") == "LogAppendTime"
                ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            TimestampBeforeMaxMs = read.Long("message.timestamp.before.max.ms"),
            TimestampAfterMaxMs = read.Long("message.timestamp.after.max.ms"),
            MinInsyncReplicas = read.Int("min.insync.replicas"),
            UncleanLeaderElection = read.Flag("unclean.leader.election.enable"),
            SegmentBytes = read.IsSet("internal.segment.bytes")
                ? read.Int("internal.segment.bytes") : read.Int("segment.bytes"),
            SegmentMs = read.Long("segment.ms"),
            SegmentJitterMs = read.Long("segment.jitter.ms"),
            SegmentIndexBytes = read.Int("segment.index.bytes"),
            IndexIntervalBytes = read.Int("index.interval.bytes"),
            Preallocate = read.Flag("preallocate"),
            FlushMessages = read.Long("flush.messages"),
            FlushMs = read.Long("flush.ms"),
            SyncsFirst = read.Text("durability") == "fsync",
            RetentionBytes = read.Long("retention.bytes"),
            RetentionMs = read.Long("retention.ms"),
            FileDeleteDelayMs = read.Long("file.delete.delay.ms"),
            DeleteRetentionMs = read.Long("delete.retention.ms"),
            MinCompactionLagMs = read.Long("min.compaction.lag.ms"),
            MaxCompactionLagMs = read.Long("max.compaction.lag.ms"),
            MinCleanableDirtyRatio = read.Real("min.cleanable.dirty.ratio"),
            LeaderThrottled = ThrottledReplicas.Of(read.Items("leader.replication.throttled.replicas")),
            FollowerThrottled = ThrottledReplicas.Of(read.Items("follower.replication.throttled.replicas")),
        };
    }

    static CleanupPolicy Policy(IReadOnlyList<string> items) =>
        (items.Contains("delete") ? CleanupPolicy.Delete : CleanupPolicy.None)
        | (items.Contains("compact") ? CleanupPolicy.Compact : CleanupPolicy.None);

    static CompressionCodec? Codec(string name) => name switch
    {
        "uncompressed" => CompressionCodec.None,
        "gzip" => CompressionCodec.Gzip,
        "snappy" => CompressionCodec.Snappy,
        "lz4" => CompressionCodec.Lz4,
        "zstd" => CompressionCodec.Zstd,
        _ => null,
    };

    readonly struct Reader(BrokerLayers broker, IReadOnlyDictionary<string, string> overrides)
    {
        public bool IsSet(string name) => Find(name) is not null;

        public int Int(string name) => (int)Of(name).Number;

        public long Long(string name) => Of(name).Number;

        public double Real(string name) => Of(name).Real;

        public bool Flag(string name) => Of(name).Flag;

        public string Text(string name) => Of(name).Text;

        public IReadOnlyList<string> Items(string name) => Of(name).Items;

        ConfigValue Of(string name) =>
            Find(name) ?? throw new ArgumentException($"the topic config {name} has no value");

        ConfigValue? Find(string name) =>
            ConfigTable.Topic.Find(name) is { } key ? EffectiveConfig.ValueOf(key, broker, overrides) : null;
    }
}
