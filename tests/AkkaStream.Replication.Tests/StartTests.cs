using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaStream.Log;
using AkkaStream.Log.Recovery;
using AkkaStream.Protocol;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>After an unclean stop: everything is checked in the background and told, and what is damaged waits for somebody's decision.</summary>
public sealed class StartTests
{
    [Fact]
    public void Logs_are_checked_in_all_directories_and_it_is_told_when_they_are()
    {
        using var run = new ReplicaRun(directories: ["/a", "/b"]);
        for (int i = 0; i < 7; i++) run.NewTopic(i, LogConfig.Default);
        for (int i = 0; i < 7; i++) run.Append(i);

        var measured = new ConcurrentQueue<int>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Name == "akkastream.log.checks.left") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<int>((_, change, _, _) => measured.Enqueue(change));
        listener.Start();
        run.Restart(CrashKind.Kill);

        Assert.Contains(7, measured);
        Assert.True(measured.Count(change => change == -1) >= 7);
        string[] told = [.. run.System.Log.Lines.Select(line => line.Text)];
        Assert.Contains(told, text => text.StartsWith("7 logs in 2 directories are checked in the background", StringComparison.Ordinal));
        Assert.Contains(told, text => text.StartsWith("All 7 logs are checked, after 0 ms; 0 of them are offline", StringComparison.Ordinal));
        Assert.Equal(0, run.Environment.ChecksLeft);
        for (int i = 0; i < 7; i++) Assert.Equal(1, run.View(i).HighWatermark.Value);
        run.Restart();
        Assert.DoesNotContain(run.System.Log.Lines, line => line.Text.Contains("checked", StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_middle_takes_the_partition_offline_untouched_until_somebody_gives_up_what_is_behind()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        run.NewTopic(1, LogConfig.Default);
        for (int i = 0; i < 3; i++) run.Append(0, valueBytes: 100);
        run.Append(1);
        const string Path = "/logs/t0-0/00000000000000000000.log";
        long size = run.Disk.ReadAll(Path)!.Length;
        run.Disk.FlipBit(Path, size / 2, 3);

        run.Restart(CrashKind.Kill);

        Assert.Equal(ErrorCode.KafkaStorageError, run.Replica(0).Standing.Refusal);
        Assert.Equal(ErrorCode.KafkaStorageError, run.Append(0).Error);
        Assert.Equal(ErrorCode.None, run.Append(1).Error);
        string line = Assert.Single(run.System.Log.Lines, line => line.EventId == 1400).Text;
        Assert.Contains($"{Path}, byte {size / 3}: from offset 1 on: ", line, StringComparison.Ordinal);
        Assert.Contains("akkastream accept-damage /logs/t0-0 ", line, StringComparison.Ordinal);
        run.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(size, run.Disk.ReadAll(Path)!.Length);
        Assert.Single(run.System.Log.Lines, line => line.EventId == 1400);

        run.Disk.Create("/logs/t0-0/.give-up-damage").Dispose();
        run.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((ErrorCode.None, 1L), (run.Replica(0).Standing.Refusal, run.Append(0).BaseOffset));
        Assert.Empty(run.Files(0, ".give-up-damage"));
    }

    [Fact]
    public void Only_what_was_told_is_given_up_and_damage_before_it_is_asked_about_again()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, LogConfig.Default);
        for (int i = 0; i < 6; i++) run.Append(0, valueBytes: 100);
        const string Path = "/logs/t0-0/00000000000000000000.log";
        long size = run.Disk.ReadAll(Path)!.Length / 6;
        run.Disk.FlipBit(Path, 3 * size + 80, 3);
        run.Restart(CrashKind.Kill);
        var survey = DamageSurvey.Of(run.Disk, "/logs/t0-0");
        Assert.Equal((3, 3 * size, 2, 4, 5), (survey!.From.Value, survey.Bytes, survey.GoodRecords, survey.FirstGood.Value, survey.LastGood.Value));

        run.Disk.FlipBit(Path, size + 80, 3);
        survey.Accept();
        run.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(ErrorCode.KafkaStorageError, run.Replica(0).Standing.Refusal);
        Assert.Equal(6 * size, run.Disk.ReadAll(Path)!.Length);

        survey = DamageSurvey.Of(run.Disk, "/logs/t0-0");
        Assert.Equal((1, 3, 2), (survey!.From.Value, survey.GoodRecords, survey.BadStretches));
        survey.Accept();
        run.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal((ErrorCode.None, 1L), (run.Replica(0).Standing.Refusal, run.Append(0).BaseOffset));
        Assert.Null(DamageSurvey.Of(run.Disk, "/logs/t0-0"));
    }
}
