using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>When a segment is old enough for the next one to begin, and what has to be on the disk before an answer.</summary>
public sealed class TimesTests
{
    const long Hour = 3_600_000;
    static readonly LogConfig Hourly = new() { SegmentMs = Hour, RetentionMs = -1, TimestampBeforeMaxMs = long.MaxValue };

    [Fact]
    public void A_segment_ends_with_the_first_batch_that_is_too_much_later_than_its_first()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Hourly);
        long first = run.NowMs - 100 * Hour;
        run.Append(0, timestamp: first);
        run.Append(0, timestamp: first + Hour);
        Assert.Single(run.Files(0));

        run.Append(0, timestamp: first + Hour + 1);

        Assert.Equal(["00000000000000000000.log", "00000000000000000002.log"], run.Files(0));
    }

    [Fact]
    public void The_wall_clock_does_not_end_a_segment_whose_records_have_times()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Hourly);
        long first = run.NowMs;
        run.Append(0, timestamp: first);
        run.Advance(TimeSpan.FromHours(30));
        Assert.Single(run.Files(0));
        run.Append(0, timestamp: first);
        Assert.Single(run.Files(0));
    }

    [Fact]
    public void Without_times_the_wall_clock_ends_it()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Hourly);
        run.Append(0, timestamp: RecordBatch.NoTimestamp);
        run.Advance(TimeSpan.FromMinutes(59));
        run.Append(0, timestamp: RecordBatch.NoTimestamp);
        Assert.Single(run.Files(0));
        run.Advance(TimeSpan.FromMinutes(2));
        run.Append(0, timestamp: RecordBatch.NoTimestamp);
        Assert.Equal(2, run.Files(0).Length);
    }

    [Fact]
    public void A_compacted_log_rolls_early_enough_for_the_cleaner_to_keep_its_promise()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Hourly with { Cleanup = CleanupPolicy.Compact, MaxCompactionLagMs = Hour / 4 });
        long first = run.NowMs - 10 * Hour;
        run.Append(0, timestamp: first);
        run.Append(0, timestamp: first + Hour / 4 + 1);
        Assert.Equal(2, run.Files(0).Length);
    }

    [Fact]
    public void Jitter_takes_something_off_and_the_same_after_a_restart()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Hourly with { SegmentJitterMs = Hour / 2 });
        long first = run.NowMs - 100 * Hour;
        run.Append(0, timestamp: first);
        run.Restart();
        long rolled = 0;
        for (long after = 1; after <= 60 && rolled == 0; after++)
        {
            run.Append(0, timestamp: first + after * Hour / 60);
            if (run.Files(0).Length == 2) rolled = after;
        }
        Assert.InRange(rolled, 30, 60);
    }

    [Fact]
    public void Deleted_records_do_not_come_back_when_the_power_is_lost_right_after_the_answer()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, new LogConfig { SyncsFirst = true });
        for (int i = 0; i < 5; i++) run.Append(0);
        var probe = run.System.CreateProbe();
        run.Replica(0).Actor.Tell(new TrimLog(new Offset(3)), probe.Ref);
        run.System.RunUntilIdle();
        Assert.Equal(new LogTrimmed(ErrorCode.None, new Offset(3)), probe.ExpectMsg<LogTrimmed>());

        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((3, 5), (run.View(0).StartOffset.Value, run.View(0).EndOffset.Value));
    }
}
