using AkkaStream.Log;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Configs;

/// <summary>From a topic's settings, as Kafka names them, to what Log and Replication work with.</summary>
static class LogConfigs
{
    public static ReplicaConfig Of(TopicSettings topic, BrokerLayers broker) => new(LogOf(topic, broker), topic.MinInsyncReplicas);

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
        FileDeleteDelayMs = topic.FileDeleteDelayMs,
        TimestampType = topic.TimestampType,
        TimestampBeforeMaxMs = topic.TimestampBeforeMaxMs,
        TimestampAfterMaxMs = topic.TimestampAfterMaxMs,
        Compression = topic.Compression,
        CompressionLevel = LevelOf(topic),
        MinCompactionLagMs = topic.MinCompactionLagMs,
        MaxCompactionLagMs = topic.MaxCompactionLagMs,
        DeleteRetentionMs = topic.DeleteRetentionMs,
        MinCleanableDirtyRatio = topic.MinCleanableDirtyRatio,
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
