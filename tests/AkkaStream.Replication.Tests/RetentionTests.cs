using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication.Tests.Support;

namespace AkkaStream.Replication.Tests;

/// <summary>Old segments go by themselves, at Kafka's times.</summary>
public sealed class RetentionTests
{
    static readonly LogConfig OneDay = new() { RetentionMs = 24 * 3600 * 1000, SegmentBytes = 1000 };

    [Fact]
    public void The_first_look_is_thirty_seconds_after_the_start_and_then_every_five_minutes()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, OneDay);
        run.Append(0, timestamp: run.NowMs - 25 * 3600 * 1000);
        run.Append(0, timestamp: run.NowMs - 23 * 3600 * 1000, valueBytes: 900);
        Assert.Equal(2, run.Files(0).Length);

        run.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, run.View(0).StartOffset.Value);
        run.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, run.View(0).StartOffset.Value);

        run.Append(0, timestamp: run.NowMs - 25 * 3600 * 1000, valueBytes: 900);
        run.Reconfigure(0, OneDay with { RetentionMs = 3600 * 1000 });
        run.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, run.View(0).StartOffset.Value);
        run.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(run.View(0).EndOffset, run.View(0).StartOffset);
    }

    [Fact]
    public void A_topic_is_purged_with_a_short_retention_also_its_active_segment()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, OneDay);
        for (int i = 0; i < 3; i++) run.Append(0, valueBytes: 600);

        run.Reconfigure(0, OneDay with { RetentionMs = 1000 });
        run.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal((3, 3), (run.View(0).StartOffset.Value, run.View(0).EndOffset.Value));
        Assert.Equal(["00000000000000000003.log"], run.Files(0));
        Assert.Equal(3, run.Append(0).BaseOffset);
    }

    [Fact]
    public void Nothing_above_the_high_watermark_goes()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, OneDay, replicas: 2);
        for (int i = 0; i < 3; i++) run.Append(0, timestamp: run.NowMs - 48L * 3600 * 1000, valueBytes: 900);
        Assert.Equal(0, run.View(0).HighWatermark.Value);

        run.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(0, run.View(0).StartOffset.Value);
        Assert.Equal(3, run.Files(0).Length);
    }

    [Fact]
    public void What_goes_is_renamed_first_and_unlinked_after_the_delay()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, OneDay with { FileDeleteDelayMs = 60_000 });
        run.Append(0, timestamp: run.NowMs - 25 * 3600 * 1000);
        run.Append(0, valueBytes: 900);

        run.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains("00000000000000000000.log.deleted", run.Files(0, ".deleted"));
        run.Advance(TimeSpan.FromSeconds(55));
        Assert.NotEmpty(run.Files(0, ".deleted"));
        run.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(run.Files(0, ".deleted"));
        Assert.Equal(["00000000000000000001.log"], run.Files(0));
    }

    [Fact]
    public void Size_counts_whole_segments_and_never_more_than_needed()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, new LogConfig { RetentionBytes = 2500, SegmentBytes = 1000 });
        for (int i = 0; i < 5; i++) run.Append(0, valueBytes: 900);
        long segment = run.View(0).SizeInBytes / 5;

        run.Advance(TimeSpan.FromSeconds(31));

        // One more would leave less than retention.bytes.
        Assert.InRange(run.View(0).SizeInBytes, 2500, 2500 + segment);
    }

    [Fact]
    public void Segments_below_the_start_of_a_compacted_topic_go_all_the_same()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, new LogConfig { Cleanup = CleanupPolicy.Compact, SegmentBytes = 1000, MinCleanableDirtyRatio = 1 });
        for (int i = 0; i < 4; i++) run.Append(0, valueBytes: 900);
        run.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(4, run.Files(0).Length);

        var trimmed = run.System.CreateProbe();
        run.Replica(0).Actor.Tell(new TrimLog(new Offset(2)), trimmed.Ref);
        run.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(["00000000000000000002.log", "00000000000000000003.log"], run.Files(0));
    }

    [Fact]
    public void A_log_that_nobody_has_needed_since_the_start_expires_too_and_is_closed_again()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, OneDay);
        run.NewTopic(1, OneDay);
        foreach (int topic in new[] { 0, 1 })
            for (int i = 0; i < 2; i++) run.Append(topic, timestamp: run.NowMs - (topic == 0 ? 23 : 1) * 3600 * 1000, valueBytes: 900);
        run.Restart();

        run.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(2, run.Files(0).Length);
        run.Advance(TimeSpan.FromMinutes(40));

        Assert.Equal(["00000000000000000002.log"], run.Files(0));
        Assert.Equal(2, run.Files(1).Length);
        Assert.False(run.Replica(0).IsLogOpen);
        Assert.Null(run.Replica(0).View);
        Assert.Equal(2, run.Append(0).BaseOffset);
    }

    [Fact]
    public void Silent_producers_are_forgotten_after_a_day_but_not_within_a_transaction()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, new LogConfig { ProducerIdExpirationMs = 24 * 3600 * 1000, RetentionMs = -1 });
        run.Append(0, set: Producer(1, transactional: false));
        run.Append(0, set: Producer(2, transactional: true));

        run.Advance(TimeSpan.FromHours(23));
        Assert.Equal([1L, 2L], Producers(run));
        run.Advance(TimeSpan.FromHours(1.5));
        Assert.Equal([2L], Producers(run));
    }

    static Action<RecordBatchBuilder> Producer(long id, bool transactional) => builder =>
    {
        builder.ProducerId = id;
        builder.ProducerEpoch = 0;
        builder.BaseSequence = 0;
        if (transactional) builder.Attributes = BatchAttributes.Transactional;
    };

    static IEnumerable<long> Producers(ReplicaRun run)
    {
        var probe = run.System.CreateProbe();
        run.Replica(0).Actor.Tell(GetProducers.Instance, probe.Ref);
        run.System.RunUntilIdle();
        return probe.ExpectMsg<IReadOnlyList<ProducerDescription>>().Select(producer => producer.ProducerId).Order();
    }
}
