using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>Logs are compacted by themselves, the dirtiest first, and one that cannot be does not stop the others.</summary>
public sealed class CompactionTests
{
    static readonly LogConfig Compacted = new() { Cleanup = CleanupPolicy.Compact, SegmentBytes = 1000, RetentionMs = -1, MinCleanableDirtyRatio = 0.5 };

    [Fact]
    public void A_dirty_log_is_compacted_in_the_background_and_says_so()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted);
        Overwrite(run, 0, 8);
        long before = run.View(0).SizeInBytes;

        run.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(before, run.View(0).SizeInBytes);
        run.Advance(TimeSpan.FromSeconds(20));

        Assert.True(run.View(0).SizeInBytes < before / 2, $"{run.View(0).SizeInBytes} of {before} bytes are left");
        Assert.Contains(run.System.Log.Lines, line => $"{line}".Contains("t0-0: compacted from offset 0 to 7"));
        Assert.Contains("t0 0 7", run.Checkpoint("cleaner-offset-checkpoint"));
        Assert.Equal(8, run.Append(0).BaseOffset);
    }

    [Fact]
    public void Segments_that_end_during_a_sync_are_synced_after_it_and_need_not_wait_for_the_next_checkpoint()
    {
        using var run = new ReplicaRun(care: new LogCareSettings { CheckpointInterval = TimeSpan.FromHours(1) });
        run.NewTopic(0, Compacted);
        for (int i = 0; i < 8; i++) run.Offer(0, valueBytes: 700);
        run.System.RunUntilIdle();

        run.Advance(TimeSpan.FromMinutes(3));

        Assert.Contains("t0 0 7", run.Checkpoint("cleaner-offset-checkpoint"));
    }

    [Fact]
    public void A_log_that_is_clean_enough_is_left_alone()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted with { MinCleanableDirtyRatio = 1 });
        Overwrite(run, 0, 8);
        string[] files = run.Files(0);

        run.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(files, run.Files(0));
    }

    [Fact]
    public void A_topic_that_becomes_compacted_is_and_one_that_no_longer_is_is_not()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted with { Cleanup = CleanupPolicy.Delete });
        run.NewTopic(1, Compacted);
        foreach (int topic in new[] { 0, 1 }) Overwrite(run, topic, 8);
        run.Reconfigure(1, Compacted with { Cleanup = CleanupPolicy.Delete });
        run.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(8, run.Files(0).Length);
        Assert.Equal(8, run.Files(1).Length);

        run.Reconfigure(0, Compacted);
        run.Advance(TimeSpan.FromMinutes(1));

        Assert.True(run.Files(0).Length < 4, Told(run, 0));
        Assert.Equal(8, run.Files(1).Length);
    }

    [Fact]
    public void A_damaged_log_is_named_once_with_its_cure_and_the_others_go_on()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted);
        run.NewTopic(1, Compacted);
        foreach (int topic in new[] { 0, 1 }) Overwrite(run, topic, 8);
        run.Disk.FlipBit("/logs/t0-0/00000000000000000001.log", 300, 3);

        run.Advance(TimeSpan.FromMinutes(5));

        string[] told = [.. run.System.Log.Lines.Select(line => $"{line}").Where(line => line.Contains("cannot be compacted"))];
        Assert.Single(told);
        Assert.Contains("00000000000000000001.log", told[0]);
        Assert.Contains("Copy the partition from another replica", told[0]);
        Assert.Equal(8, run.Files(0).Length);
        Assert.True(run.Files(1).Length < 4, Told(run, 1));
    }

    [Fact]
    public void A_full_disk_only_puts_it_off()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted);
        Overwrite(run, 0, 8);
        run.Disk.Capacity = run.Disk.UsedBytes + 200;
        run.Advance(TimeSpan.FromMinutes(1));
        Assert.True(run.System.Log.Lines.Any(line => line.Text.Contains("the disk is full")), Told(run, 0));
        Assert.Equal(8, run.Files(0).Length);

        run.Disk.Capacity = long.MaxValue;
        run.Advance(TimeSpan.FromMinutes(1));

        Assert.True(run.Files(0).Length < 4, Told(run, 0));
    }

    [Fact]
    public void A_log_that_nobody_has_needed_since_the_start_is_compacted_and_closed_again()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted);
        Overwrite(run, 0, 8);
        run.Restart();

        run.Advance(TimeSpan.FromMinutes(2));

        Assert.True(run.Files(0).Length < 4, Told(run, 0));
        Assert.False(run.Replica(0).IsLogOpen);
        Assert.Equal(8, run.Append(0).BaseOffset);
    }

    [Fact]
    public void All_of_them_are_however_many_there_are()
    {
        using var run = new ReplicaRun();
        for (int topic = 0; topic < 5; topic++)
        {
            run.NewTopic(topic, Compacted);
            Overwrite(run, topic, 8);
        }
        run.Restart();

        run.Advance(TimeSpan.FromMinutes(2));

        for (int topic = 0; topic < 5; topic++) Assert.True(run.Files(topic).Length < 4, Told(run, topic));
    }

    [Fact]
    public void The_pace_is_kept()
    {
        using var run = new ReplicaRun(cleaner: new CleanerSettings { MostBytesPerSecond = 1000 });
        run.NewTopic(0, Compacted with { SegmentBytes = 1_100_000 });
        Overwrite(run, 0, 6, bytes: 1_000_000);

        run.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(6, run.Files(0).Length);
        run.Advance(TimeSpan.FromHours(4));

        Assert.True(run.Files(0).Length < 4, Told(run, 0));
    }

    [Fact]
    public void A_topic_may_be_deleted_in_the_midst_of_it()
    {
        using var run = new ReplicaRun(cleaner: new CleanerSettings { MostBytesPerSecond = 1000 });
        run.NewTopic(0, Compacted with { SegmentBytes = 1_100_000 });
        run.NewTopic(1, Compacted);
        Overwrite(run, 0, 6, bytes: 1_000_000);
        Overwrite(run, 1, 4);
        run.Advance(TimeSpan.FromMinutes(1));

        run.DeleteTopic(0);
        run.Advance(TimeSpan.FromHours(8));

        Assert.DoesNotContain(run.System.Log.Lines, line => $"{line}".Contains("cannot be compacted"));
        Assert.True(run.Files(1).Length < 4, Told(run, 1));
    }

    [Fact]
    public void A_crash_while_it_runs_leaves_every_newest_record()
    {
        for (int crashAt = 1; crashAt < 60; crashAt += 3)
        {
            using var run = new ReplicaRun();
            run.NewTopic(0, Compacted);
            Overwrite(run, 0, 8);
            run.Advance(TimeSpan.FromSeconds(29));
            run.Disk.CrashAfter(crashAt);
            try { run.Advance(TimeSpan.FromSeconds(5)); }
            catch (SimulatedCrashException) { }
            run.Restart(crashAt % 2 == 0 ? CrashKind.Kill : CrashKind.PowerLoss);
            run.Advance(TimeSpan.FromMinutes(2));
            Assert.True(run.View(0).EndOffset.Value >= 7, $"the log ends at {run.View(0).EndOffset}");
            Assert.Equal(ErrorCode.None, run.Append(0).Error);
        }
    }

    [Fact]
    public void Young_records_are_left_alone_for_the_minimum_lag()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted with { MinCompactionLagMs = 3600 * 1000 });
        Overwrite(run, 0, 8);

        run.Advance(TimeSpan.FromMinutes(58));
        Assert.Equal(8, run.Files(0).Length);
        run.Advance(TimeSpan.FromMinutes(3));

        Assert.True(run.Files(0).Length < 4, Told(run, 0));
    }

    [Fact]
    public void After_the_maximum_lag_a_log_is_compacted_however_clean_it_is()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted with { MinCleanableDirtyRatio = 1, MaxCompactionLagMs = 3600 * 1000 });
        Overwrite(run, 0, 8);

        run.Advance(TimeSpan.FromMinutes(58));
        Assert.Equal(8, run.Files(0).Length);
        run.Advance(TimeSpan.FromMinutes(3));

        Assert.True(run.Files(0).Length < 4, Told(run, 0));
    }

    [Fact]
    public void A_tombstone_stays_for_its_time_counted_from_the_first_compaction_that_met_it()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Compacted with { MinCleanableDirtyRatio = 0.001, DeleteRetentionMs = 24 * 3600 * 1000 });
        run.Append(0, valueBytes: 700);
        run.Append(0, records: 0, set: builder => builder.Append(run.NowMs, true, BitConverter.GetBytes(0), false, default, default, 0, 0));
        int key = 1;
        FillSegment();
        run.Advance(TimeSpan.FromHours(2));
        Assert.Equal((false, true), (IsThere(run, 0), IsThere(run, 1)));

        run.Advance(TimeSpan.FromHours(21));
        FillSegment();
        run.Advance(TimeSpan.FromMinutes(1));
        Assert.True(IsThere(run, 1));

        run.Advance(TimeSpan.FromHours(2));
        FillSegment();
        run.Advance(TimeSpan.FromMinutes(1));
        Assert.False(IsThere(run, 1));

        void FillSegment()
        {
            for (int i = 0; i < 3; i++) run.Append(0, valueBytes: 700, firstKey: key++);
        }
    }

    static bool IsThere(ReplicaRun run, long offset)
    {
        var view = run.View(0);
        var outcome = view.Locate(new Offset(offset), view.EndOffset, 1, atLeastOneBatch: true, AkkaStream.Log.Indexes.ReadMode.MayWait, out var slice);
        Assert.Equal(LocateOutcome.Found, outcome);
        Assert.True(slice.TryLease(out var lease));
        using (lease)
        {
            byte[] bytes = new byte[slice.Length];
            lease.File.Read(bytes, slice.Position);
            var batch = new RecordBatch(bytes);
            return batch.BaseOffset == offset && batch.RecordCount > 0;
        }
    }

    /// <summary>For the message of a failure.</summary>
    static string Told(ReplicaRun run, int topic) =>
        $"{string.Join(", ", run.Files(topic))}\n{string.Join('\n', run.System.Log.Lines.Where(line => line.EventId != 3007).Select(line => line.Text))}";

    /// <summary>The same key again and again, a segment each time.</summary>
    static void Overwrite(ReplicaRun run, int topic, int times, int bytes = 700)
    {
        for (int i = 0; i < times; i++) run.Append(topic, valueBytes: bytes);
    }
}
