using AkkaStream.Log;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Configs;

/// <summary>From a topic's settings, as Kafka names them, to what Log and Replication work with.</summary>
static class LogConfigs
{
    public static ReplicaConfig Of(TopicSettings topic, BrokerLayers broker) => new(LogOf(topic, broker), topic.MinInsyncReplicas);

    /// <summary>Read-only properties, as in Kafka: what the file says counts until the next start.</summary>
    public static LogCareSettings CareOf(BrokerLayers broker) => new()
    {
        InitialDelay = Pause(broker, "log.initial.task.delay.ms"),
        RetentionInterval = Pause(broker, "log.retention.check.interval.ms"),
        HighWatermarkInterval = Pause(broker, "replica.high.watermark.checkpoint.interval.ms"),
        CheckpointInterval = Pause(broker, "log.flush.offset.checkpoint.interval.ms"),
        ProducerInterval = Pause(broker, "producer.id.expiration.check.interval.ms"),
    };

    public static CleanerSettings CleanerOf(BrokerLayers broker) => new()
    {
        IsEnabled = broker.NumberOf("log.cleaner.enable") != 0,
        AtOnce = (int)broker.NumberOf("log.cleaner.threads"),
        Backoff = Pause(broker, "log.cleaner.backoff.ms"),
        MostBytesPerSecond = Math.Max(1, broker.RealOf("log.cleaner.io.max.bytes.per.second")),
        DedupeBufferBytes = broker.NumberOf("log.cleaner.dedupe.buffer.size"),
        LoadFactor = broker.RealOf("log.cleaner.io.buffer.load.factor"),
        IoBufferBytes = (int)broker.NumberOf("log.cleaner.io.buffer.size"),
    };

    /// <summary>Never so short that a round follows the other without a breath, never longer than a timer can be.</summary>
    static TimeSpan Pause(BrokerLayers broker, string name) => TimeSpan.FromMilliseconds(Math.Clamp(broker.NumberOf(name), 10, int.MaxValue));

    static LogConfig LogOf(TopicSettings topic, BrokerLayers broker) => new()
    {
        SegmentBytes = topic.SegmentBytes,
        SegmentMs = topic.SegmentMs,
        SegmentJitterMs = topic.MaxRollJitterMs,
        IndexIntervalBytes = topic.IndexIntervalBytes,
        IndexMaxBytes = topic.SegmentIndexBytes,
        MaxMessageBytes = topic.MaxMessageBytes,
        Cleanup = topic.CleanupPolicy,
        RetentionMs = topic.RetentionMs,
        RetentionBytes = topic.RetentionBytes,
        FileDeleteDelayMs = Math.Min(topic.FileDeleteDelayMs, int.MaxValue),
        TimestampType = topic.TimestampType,
        TimestampBeforeMaxMs = topic.TimestampBeforeMaxMs,
        TimestampAfterMaxMs = topic.TimestampAfterMaxMs,
        Compression = topic.Compression,
        CompressionLevel = LevelOf(topic),
        MinCompactionLagMs = topic.MinCompactionLagMs,
        MaxCompactionLagMs = topic.MaxCompactionLagMs,
        DeleteRetentionMs = topic.DeleteRetentionMs,
        MinCleanableDirtyRatio = topic.MinCleanableDirtyRatio,
        FlushMessages = topic.FlushMessages,
        FlushMs = topic.FlushMs,
        SyncsFirst = topic.SyncsFirst,
        ProducerIdExpirationMs = broker.NumberOf("producer.id.expiration.ms"),
    };

    static int LevelOf(TopicSettings topic) => topic.Compression switch
    {
        CompressionCodec.Gzip => topic.CompressionGzipLevel,
        CompressionCodec.Lz4 => topic.CompressionLz4Level,
        CompressionCodec.Zstd => topic.CompressionZstdLevel,
        _ => 0,
    };
}
