using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Metadata.Tests.Configs;

public sealed class TopicSettingsTests
{
    static TopicSettings Of(params (string Name, string Value)[] overrides) =>
        TopicSettings.Of(new BrokerLayers(), overrides.ToDictionary(o => o.Name, o => o.Value));

    [Fact]
    public void Defaults_are_Kafka_s()
    {
        var settings = Of();

        Assert.Equal(CleanupPolicy.Delete, settings.CleanupPolicy);
        Assert.Null(settings.Compression);
        Assert.Equal((-1, 9, 3), (settings.CompressionGzipLevel, settings.CompressionLz4Level, settings.CompressionZstdLevel));
        Assert.Equal(1_048_588, settings.MaxMessageBytes);
        Assert.Equal(TimestampType.CreateTime, settings.TimestampType);
        Assert.Equal((long.MaxValue, 3_600_000), (settings.TimestampBeforeMaxMs, settings.TimestampAfterMaxMs));
        Assert.Equal((1 << 30, 604_800_000, 0), (settings.SegmentBytes, settings.SegmentMs, settings.SegmentJitterMs));
        Assert.Equal((10_485_760, 4096), (settings.SegmentIndexBytes, settings.IndexIntervalBytes));
        Assert.Equal((long.MaxValue, long.MaxValue), (settings.FlushMessages, settings.FlushMs));
        Assert.Equal((-1, 604_800_000), (settings.RetentionBytes, settings.RetentionMs));
        Assert.Equal((60_000, 86_400_000), (settings.FileDeleteDelayMs, settings.DeleteRetentionMs));
        Assert.Equal((0, long.MaxValue, 0.5), (settings.MinCompactionLagMs, settings.MaxCompactionLagMs, settings.MinCleanableDirtyRatio));
        Assert.Equal((1, false, false), (settings.MinInsyncReplicas, settings.UncleanLeaderElection, settings.Preallocate));
        Assert.True(settings.LeaderThrottled.IsEmpty && settings.FollowerThrottled.IsEmpty);
    }

    [Theory]
    [InlineData("compact", CleanupPolicy.Compact)]
    [InlineData("delete,compact", CleanupPolicy.Delete | CleanupPolicy.Compact)]
    [InlineData("", CleanupPolicy.None)]
    public void Policies_combine(string text, CleanupPolicy policy) => Assert.Equal(policy, Of(("cleanup.policy", text)).CleanupPolicy);

    [Theory]
    [InlineData("uncompressed", CompressionCodec.None)]
    [InlineData("gzip", CompressionCodec.Gzip)]
    [InlineData("snappy", CompressionCodec.Snappy)]
    [InlineData("lz4", CompressionCodec.Lz4)]
    [InlineData("zstd", CompressionCodec.Zstd)]
    public void A_codec_is_named_as_in_Kafka(string text, CompressionCodec codec) =>
        Assert.Equal(codec, Of(("compression.type", text)).Compression);

    [Fact]
    public void A_compacted_topic_rolls_in_time_for_its_compaction()
    {
        Assert.Equal(604_800_000, Of(("max.compaction.lag.ms", "5000")).RollMs);
        Assert.Equal(5000, Of(("max.compaction.lag.ms", "5000"), ("cleanup.policy", "compact")).RollMs);
    }

    [Fact]
    public void Jitter_is_no_longer_than_the_time_it_is_taken_off() =>
        Assert.Equal(100, Of(("segment.ms", "100"), ("segment.jitter.ms", "500")).MaxRollJitterMs);

    [Fact]
    public void The_internal_segment_size_wins() =>
        Assert.Equal(5000, Of(("segment.bytes", "2000000"), ("internal.segment.bytes", "5000")).SegmentBytes);

    [Fact]
    public void Throttled_replicas_are_pairs_or_all()
    {
        var some = Of(("leader.replication.throttled.replicas", "0:1,1:2")).LeaderThrottled;
        var all = Of(("follower.replication.throttled.replicas", "*")).FollowerThrottled;

        Assert.True(some.Contains(0, 1) && some.Contains(1, 2) && !some.Contains(0, 2));
        Assert.True(all.Contains(7, 7) && !all.IsEmpty);
    }

    [Fact]
    public void What_the_broker_sets_counts_for_its_topics()
    {
        var broker = new BrokerLayers(
            new Dictionary<string, string> { ["log.roll.hours"] = "2", ["log.flush.scheduler.interval.ms"] = "77" },
            new Dictionary<string, string> { ["compression.type"] = "zstd" },
            new Dictionary<string, string> { ["log.roll.jitter.ms"] = "9", ["log.retention.ms"] = "-5" });

        var settings = TopicSettings.Of(broker, new Dictionary<string, string>());

        Assert.Equal((7_200_000, 9, 77, -1), (settings.SegmentMs, settings.SegmentJitterMs, settings.FlushMs, settings.RetentionMs));
        Assert.Equal(CompressionCodec.Zstd, settings.Compression);
    }
}
