using AkkaStream.Log;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>What is stored is checked by itself, and damage is said aloud before a reader meets it.</summary>
public sealed class ScrubTests
{
    static readonly LogConfig Kept = new() { RetentionMs = -1, SegmentBytes = 4000 };

    [Fact]
    public void A_round_reads_everything_and_says_what_it_came_to()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Kept);
        for (int i = 0; i < 20; i++) run.Append(0, valueBytes: 500);
        long bytes = run.View(0).SizeInBytes;

        run.Advance(TimeSpan.FromMinutes(59));
        Assert.DoesNotContain(run.System.Log.Lines, line => line.Text.Contains("checksums"));
        run.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains(run.System.Log.Lines, line => line.Text.Contains($"{bytes} bytes") && line.Text.Contains("0 stretches are damaged"));

        int rounds = Rounds(run);
        run.Advance(TimeSpan.FromHours(25));
        Assert.Equal(rounds + 1, Rounds(run));
    }

    [Fact]
    public void A_damaged_batch_is_an_alarm_and_readers_are_kept_from_it_alone()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Kept);
        for (int i = 0; i < 20; i++) run.Append(0, valueBytes: 500);
        int size = (int)(run.View(0).SizeInBytes / 20);
        run.Disk.FlipBit("/logs/t0-0/00000000000000000000.log", 2 * size + 200, 1); // in the values of offset 2

        run.Advance(TimeSpan.FromMinutes(70));

        var alarm = Assert.Single(run.System.Log.Lines, line => line.Text.Contains("cannot be read"));
        Assert.Contains("00000000000000000000.log", alarm.Text);
        Assert.Contains($"byte {2 * size}", alarm.Text);
        Assert.Contains("offsets 2 to 2", alarm.Text);
        Assert.Equal(LocateOutcome.Damaged, Locate(run, 2, out _));
        Assert.Equal(LocateOutcome.Found, Locate(run, 3, out _));
        Assert.Equal(LocateOutcome.Found, Locate(run, 0, out var before));
        Assert.Equal(2 * size, before.Length);
    }

    [Fact]
    public void A_head_that_cannot_be_read_costs_what_lies_up_to_the_next_good_batch()
    {
        using var run = new ReplicaRun();
        run.NewTopic(0, Kept);
        for (int i = 0; i < 20; i++) run.Append(0, valueBytes: 500);
        int size = (int)(run.View(0).SizeInBytes / 20);
        run.Disk.FlipBit("/logs/t0-0/00000000000000000000.log", 3 * size + 16, 4); // the magic byte of offset 3

        run.Advance(TimeSpan.FromMinutes(70));

        Assert.Contains(run.System.Log.Lines, line => line.Text.Contains("offsets 3 to 3"));
        Assert.Equal(LocateOutcome.Damaged, Locate(run, 3, out _));
        Assert.Equal(LocateOutcome.Found, Locate(run, 0, out var before));
        Assert.Equal(3 * size, before.Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(CrashKind.Kill)]
    [InlineData(CrashKind.PowerLoss)]
    public void What_was_found_is_known_after_a_restart_and_said_again(CrashKind? crash)
    {
        using var run = new ReplicaRun();
        int size = Spoil(run, 2);
        run.Restart(crash);

        run.Append(0);

        Assert.Equal(LocateOutcome.Damaged, Locate(run, 2, out _));
        Assert.Equal(LocateOutcome.Found, Locate(run, 3, out _));
        Assert.Equal(LocateOutcome.Found, Locate(run, 0, out var before));
        Assert.Equal(2 * size, before.Length);
        Assert.Contains(run.System.Log.Lines, line => line.Text.Contains("t0-0: the offsets 2 to 2 cannot be read, as an earlier check found"));
    }

    [Fact]
    public void What_reads_well_again_is_served_again_after_a_restart_or_the_next_check()
    {
        using var run = new ReplicaRun();
        int size = Spoil(run, 2);
        run.Disk.FlipBit(First, 2 * size + 200, 1);
        run.Advance(TimeSpan.FromHours(25));
        Assert.Equal(LocateOutcome.Found, Locate(run, 2, out _));
        Assert.Empty(run.Files(0, ".unreadable"));

        run.Disk.FlipBit(First, 5 * size + 200, 1);
        run.Advance(TimeSpan.FromHours(25));
        Assert.Equal(LocateOutcome.Damaged, Locate(run, 5, out _));
        run.Disk.FlipBit(First, 5 * size + 200, 1);
        run.Restart();
        run.Append(0);
        Assert.Equal(LocateOutcome.Found, Locate(run, 5, out _));
    }

    [Fact]
    public void What_is_known_goes_with_its_segment()
    {
        using var run = new ReplicaRun();
        Spoil(run, 2);
        run.Reconfigure(0, Kept with { RetentionBytes = 1 });
        run.Advance(TimeSpan.FromMinutes(10));
        run.Restart();
        run.Append(0);
        Assert.DoesNotContain(run.System.Log.Lines, line => line.Text.Contains("cannot be read"));
        run.Advance(TimeSpan.FromHours(25));
        Assert.Empty(run.Files(0, ".unreadable"));
    }

    const string First = "/logs/t0-0/00000000000000000000.log";

    /// <summary>Twenty batches in several segments, one of them damaged and found; how long a batch is.</summary>
    static int Spoil(ReplicaRun run, int batch)
    {
        run.NewTopic(0, Kept);
        for (int i = 0; i < 20; i++) run.Append(0, valueBytes: 500);
        int size = (int)(run.View(0).SizeInBytes / 20);
        run.Disk.FlipBit(First, batch * size + 200, 1);
        run.Advance(TimeSpan.FromMinutes(70));
        Assert.Equal(LocateOutcome.Damaged, Locate(run, batch, out _));
        return size;
    }

    [Fact]
    public void It_keeps_its_pace_and_can_be_switched_off()
    {
        using var slow = new ReplicaRun(scrub: new ScrubSettings { MostBytesPerSecond = 1000 });
        using var off = new ReplicaRun(scrub: new ScrubSettings { Interval = TimeSpan.Zero });
        foreach (var run in new[] { slow, off })
        {
            run.NewTopic(0, Kept with { SegmentBytes = 1_000_000 });
            for (int i = 0; i < 4; i++) run.Append(0, valueBytes: 900_000);
        }
        slow.Advance(TimeSpan.FromMinutes(100));
        off.Advance(TimeSpan.FromDays(3));
        Assert.Equal(0, Rounds(slow));
        Assert.Equal(0, Rounds(off));
        slow.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, Rounds(slow));
    }

    static int Rounds(ReplicaRun run) => run.System.Log.Lines.Count(line => line.Text.Contains("stretches are damaged"));

    static LocateOutcome Locate(ReplicaRun run, long from, out LogSlice slice)
    {
        var view = run.View(0);
        return view.Locate(new Offset(from), view.EndOffset, 100_000, atLeastOneBatch: true, ReadMode.MayWait, out slice);
    }
}
