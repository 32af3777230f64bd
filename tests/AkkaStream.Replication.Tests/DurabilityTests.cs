using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>Group commit: what is answered is on the disk, and what consumers see, too.</summary>
public sealed class DurabilityTests
{
    static readonly LogConfig Synced = new() { SyncsFirst = true };

    [Fact]
    public void An_answer_means_that_it_is_on_the_disk()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Synced);
        for (int i = 0; i < 5; i++) Assert.Equal(ErrorCode.None, run.Append(0, records: 2).Error);

        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((10, 10), (run.View(0).EndOffset.Value, run.View(0).HighWatermark.Value));
    }

    [Fact]
    public void Partitions_that_are_made_together_share_one_sync_and_survive_a_loss_of_power()
    {
        using var run = new ReplicaRun();
        int syncs = run.Disk.Syncs;

        run.NewTopics(100);

        Assert.Equal(1, run.Disk.Syncs - syncs);
        run.Restart(CrashKind.PowerLoss);
        Assert.Equal(100, run.Disk.List("/logs").Count(entry => entry.IsDirectory));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(ErrorCode.None, run.Append(i).Error);
            Assert.Contains("topic_id: ", run.Checkpoint($"t{i}-0/partition.metadata"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_directory_whose_name_could_not_be_synced_is_before_anything_in_it_is_promised()
    {
        using var run = new ReplicaRun();
        run.Disk.Fails = (operation, path) => operation == DiskOperation.Sync && path == "/logs";
        run.NewTopic(0, Synced);
        Assert.Contains(run.System.Log.Lines, line => line.Text.Contains("could not be made durable", StringComparison.Ordinal));
        run.Disk.Fails = null;

        Assert.Equal(ErrorCode.None, run.Append(0).Error);

        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, run.View(0).EndOffset.Value);
    }

    [Fact]
    public void Appends_that_come_during_a_sync_share_the_next_one()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Synced);
        run.Append(0);
        int syncs = run.Disk.Syncs;
        run.Append(0);
        int ofOne = run.Disk.Syncs - syncs;
        syncs = run.Disk.Syncs;

        var all = Enumerable.Range(0, 20).Select(_ => run.Offer(0)).ToList();
        run.System.RunUntilIdle();

        Assert.All(all, append => Assert.Equal(ErrorCode.None, append.Error));
        Assert.InRange(run.Disk.Syncs - syncs, 1, 3 * ofOne);
    }

    [Fact]
    public void Consumers_see_nothing_that_a_loss_of_power_takes()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Synced);
        run.Append(0);
        run.Disk.Fails = (operation, _) => operation == DiskOperation.Sync && Visible(run) > 1;

        var append = run.Append(0);

        Assert.Equal((1, 2), (append.BaseOffset, append.VisibleWhenAnswered));
        Assert.True(append.IsOrdered);
    }

    [Fact]
    public void A_failed_sync_refuses_all_who_wait_and_takes_the_partition_offline_until_it_was_verified()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Synced);
        run.NewTopic(1, Synced);
        run.Append(0);
        run.Disk.Fails = (operation, path) => operation == DiskOperation.Sync && path.Contains("t0-0", StringComparison.Ordinal);

        var first = run.Offer(0);
        var second = run.Offer(0);
        run.System.RunUntilIdle();

        Assert.Equal((ErrorCode.KafkaStorageError, ErrorCode.KafkaStorageError), (first.Error, second.Error));
        Assert.Equal(ErrorCode.KafkaStorageError, run.Replica(0).Standing.Refusal);
        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0).Error);
        Assert.Equal(ErrorCode.None, run.Append(1).Error);

        // The disk is well again: every doubtful byte is written once more before anything is promised.
        run.Disk.Fails = null;
        run.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(ErrorCode.None, run.Replica(0).Standing.Refusal);
        Assert.Equal(ErrorCode.None, run.Append(0).Error);
        long end = run.View(0).EndOffset.Value;
        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(end, run.View(0).EndOffset.Value);
    }

    [Fact]
    public void A_batch_sent_again_waits_for_the_sync_of_the_original()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Synced);
        void Idempotent(RecordBatchBuilder builder) => (builder.ProducerId, builder.ProducerEpoch, builder.BaseSequence) = (5, 0, 0);
        var original = run.Offer(0, set: Idempotent);
        var again = run.Offer(0, set: Idempotent);
        while (!again.IsOrdered) run.System.Dispatcher.RunOne();
        Assert.Null(again.Error);

        run.System.RunUntilIdle();

        Assert.Equal((ErrorCode.None, 0L, false), (original.Error, original.BaseOffset, original.IsDuplicate));
        Assert.Equal((ErrorCode.None, 0L, true), (again.Error, again.BaseOffset, again.IsDuplicate));
        Assert.Equal(1, again.VisibleWhenAnswered);
    }

    [Fact]
    public void Flush_messages_syncs_with_the_append_that_makes_as_many()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, new LogConfig { FlushMessages = 3 });
        run.Append(0);
        run.Append(0);
        int syncs = run.Disk.Syncs;
        run.Append(0);
        Assert.True(run.Disk.Syncs > syncs);
        syncs = run.Disk.Syncs;
        run.Append(0);
        Assert.Equal(syncs, run.Disk.Syncs);

        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(run.View(0).EndOffset.Value, 3, 4);
    }

    [Fact]
    public void The_setting_is_live_in_both_directions()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.Append(0);
        int syncs = run.Disk.Syncs;
        run.Reconfigure(0, Synced);
        run.Append(0);
        Assert.True(run.Disk.Syncs > syncs);

        run.Reconfigure(0, LogConfig.Default);
        syncs = run.Disk.Syncs;
        run.Append(0);
        Assert.Equal(syncs, run.Disk.Syncs);
    }

    [Fact]
    public void What_a_kill_left_unsynced_is_synced_before_consumers_see_it()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.Append(0, records: 3);
        run.Reconfigure(0, Synced);
        run.Restart(CrashKind.Kill);

        run.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, run.View(0).HighWatermark.Value);
        run.Restart(CrashKind.PowerLoss);
        run.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, run.View(0).EndOffset.Value);
    }

    static long Visible(ReplicaRun run) => run.Replica(0).View?.HighWatermark.Value ?? 0;
}
