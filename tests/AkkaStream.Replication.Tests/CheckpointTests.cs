using AkkaStream.Log;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>What a crash would make us check again is written down now and then, and only when there is news.</summary>
public sealed class CheckpointTests
{
    static readonly LogConfig Small = new() { SegmentBytes = 1000 };

    [Fact]
    public void High_watermarks_are_written_every_five_seconds()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Small);
        run.Append(0, records: 3);

        run.Advance(TimeSpan.FromSeconds(4));
        Assert.DoesNotContain("t0 0 3", run.Checkpoint(OffsetCheckpoint.HighWatermarks) ?? "");
        run.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("t0 0 3", run.Checkpoint(OffsetCheckpoint.HighWatermarks));
    }

    [Fact]
    public void A_finished_segment_is_synced_and_its_recovery_point_written_within_a_minute()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Small);
        for (int i = 0; i < 2; i++) run.Append(0, valueBytes: 900);
        Assert.DoesNotContain("t0 0 2", run.Checkpoint(OffsetCheckpoint.RecoveryPoints) ?? "");

        run.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("t0 0 2", run.Checkpoint(OffsetCheckpoint.RecoveryPoints));
        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, run.View(0).EndOffset.Value);
    }

    [Fact]
    public void An_idle_broker_writes_nothing()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Small);
        run.Append(0, records: 3);
        run.Advance(TimeSpan.FromMinutes(2));
        int changes = run.Disk.Changes;

        run.Advance(TimeSpan.FromHours(3));

        Assert.Equal(changes, run.Disk.Changes);
    }

    [Fact]
    public void Without_a_sync_nothing_is_promised_and_with_flush_ms_it_is_after_that_time()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.NewTopic(1, new LogConfig { FlushMs = 200 });
        run.Append(0);
        run.Append(1);
        int syncs = run.Disk.Syncs;

        run.Advance(TimeSpan.FromMilliseconds(190));
        Assert.Equal(syncs, run.Disk.Syncs);
        run.Advance(TimeSpan.FromMilliseconds(20));
        Assert.True(run.Disk.Syncs > syncs);
        syncs = run.Disk.Syncs;

        // Nothing new, nothing to do; the next append counts anew.
        run.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(syncs, run.Disk.Syncs);
        run.Append(1);
        run.Advance(TimeSpan.FromMilliseconds(210));
        Assert.True(run.Disk.Syncs > syncs);
    }
}
