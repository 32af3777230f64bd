using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>Disks that fill up and fail, and replicas that meet an error of their own: the others go on, and all come back by themselves.</summary>
public sealed class FailureTests
{
    static readonly LogConfig Small = new() { SegmentBytes = 1000, RetentionMs = 3_600_000 };

    [Fact]
    public void A_full_disk_refuses_writes_and_serves_readers_and_takes_writes_again_when_there_is_room()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.Append(0, records: 2);
        run.Disk.Capacity = run.Disk.UsedBytes + 20;

        for (int i = 0; i < 3; i++) Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0).Error);
        Assert.Equal(ErrorCode.None, run.Replica(0).Standing.Refusal);
        Assert.Equal((2, 2), (run.View(0).EndOffset.Value, run.View(0).HighWatermark.Value));
        Assert.Single(run.System.Log.Lines, line => line.Text.Contains("the disk is full", StringComparison.Ordinal));

        run.Disk.Capacity = long.MaxValue;
        Assert.Equal((ErrorCode.None, 2L), (run.Append(0).Error, run.Append(0).BaseOffset - 1));
        Assert.Contains(run.System.Log.Lines, line => line.Text.Contains("room on the disk again", StringComparison.Ordinal));
    }

    [Fact]
    public void Retention_frees_a_full_disk()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Small with { FileDeleteDelayMs = 1000 });
        for (int i = 0; i < 3; i++) run.Append(0, timestamp: run.NowMs - 7_200_000, valueBytes: 900);
        run.Disk.Capacity = run.Disk.UsedBytes;
        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0, valueBytes: 900).Error);

        run.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(ErrorCode.None, run.Append(0, valueBytes: 900).Error);
    }

    [Fact]
    public void A_failed_directory_takes_its_partitions_offline_and_no_others_and_they_come_back()
    {
        using var run = new ReplicaRun(directories: ["/a", "/b"]);
        for (int i = 0; i < 6; i++) run.NewTopic(i, LogConfig.Default);
        for (int i = 0; i < 6; i++) Assert.Equal(ErrorCode.None, run.Append(i).Error);
        int[] lost = [.. Enumerable.Range(0, 6).Where(i => IsIn(run, i, "/a"))];
        int[] kept = [.. Enumerable.Range(0, 6).Except(lost)];
        Assert.Equal(3, lost.Length);

        run.Disk.Fails = (operation, path) => operation != DiskOperation.Read && path.StartsWith("/a", StringComparison.Ordinal);
        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(lost[0]).Error);

        // Nobody has written to the others of the directory since.
        Assert.All(lost, i => Assert.Equal(ErrorCode.KafkaStorageError, run.Replica(i).Standing.Refusal));
        Assert.All(kept, i => Assert.Equal(ErrorCode.None, run.Append(i).Error));
        Assert.NotNull(run.Environment.Directories.FailureOf(run.Environment.Directories.All[0]));
        Assert.Single(run.System.Log.Lines, line => line.Text.Contains("/a failed", StringComparison.Ordinal));
        run.NewTopic(6, LogConfig.Default);
        Assert.True(IsIn(run, 6, "/b"));
        run.Advance(TimeSpan.FromMinutes(3));
        Assert.All(lost, i => Assert.Equal(ErrorCode.KafkaStorageError, run.Append(i).Error));

        run.Disk.Fails = null;
        run.Advance(TimeSpan.FromSeconds(31));
        foreach (int i in lost) Assert.Equal((ErrorCode.None, 1L), (run.Append(i).Error, run.View(i).HighWatermark.Value - 1));
    }

    [Fact]
    public void A_file_that_fails_alone_does_not_take_the_directory_with_it()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.NewTopic(1, LogConfig.Default);
        run.Append(0);
        run.Disk.Fails = (operation, path) => operation == DiskOperation.Write && path.Contains("t0-0", StringComparison.Ordinal);

        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0).Error);

        Assert.Equal(ErrorCode.None, run.Append(1).Error);
        Assert.Null(run.Environment.Directories.FailureOf(run.Environment.Directories.All[0]));
    }

    [Fact]
    public void A_replica_that_breaks_answers_those_who_wait_and_keeps_its_place_in_the_metadata()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.NewTopic(1, LogConfig.Default);
        Assert.Equal(ErrorCode.None, run.Append(0).Error);
        run.Disk.Fails = (operation, path) => operation == DiskOperation.Write && path.Contains("t0-0", StringComparison.Ordinal)
            ? throw new InvalidOperationException("an error that nobody thought of") : false;

        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0).Error);
        Assert.Equal(ErrorCode.None, run.Append(1).Error);
        run.Reconfigure(0, Small);

        run.Disk.Fails = null;
        run.Advance(TimeSpan.FromSeconds(31));
        var again = run.Append(0);
        Assert.Equal((ErrorCode.None, 1L), (again.Error, again.BaseOffset));
        Assert.Equal(Small.SegmentBytes, run.Replica(0).Standing.Config.SegmentBytes);
        run.Restart();
        Assert.Equal(2, run.Append(0).BaseOffset);
    }

    static bool IsIn(ReplicaRun run, int topic, string directory) => run.Disk.DirectoryExists($"{directory}/t{topic}-0");
}
