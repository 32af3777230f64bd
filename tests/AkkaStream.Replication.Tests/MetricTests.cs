using System.Diagnostics.Metrics;
using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>What an operator can see of the cleaner and of the checks of stored data.</summary>
public sealed class MetricTests
{
    static readonly LogConfig Compacted = new()
    {
        Cleanup = CleanupPolicy.Compact, SegmentBytes = 1000, RetentionMs = -1, MinCleanableDirtyRatio = 0.5,
    };

    [Fact]
    public void The_cleaner_tells_how_dirty_logs_are_what_it_did_and_what_it_cannot_do()
    {
        using var run = new ReplicaRun();
        using var seen = new Measured();
        run.NewTopic(0, Compacted);
        run.NewTopic(1, Compacted);
        foreach (int topic in new[] { 0, 1 })
            for (int i = 0; i < 8; i++) run.Append(topic, records: 4, valueBytes: 200);
        run.Disk.FlipBit("/logs/t1-0/00000000000000000004.log", 300, 3);

        run.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(1, seen.Of("akkastream.log.cleaner.max.dirty.ratio").Max());
        Assert.Equal(0, seen.Of("akkastream.log.cleaner.max.dirty.ratio").Last());
        Assert.Equal(1, seen.Of("akkastream.log.cleaner.uncleanable.partitions").Last());
        Assert.Equal(1, seen.Of("akkastream.log.cleaner.runs").Sum());
        double read = seen.Of("akkastream.log.cleaner.read").Sum(), written = seen.Of("akkastream.log.cleaner.written").Sum();
        Assert.True(written > 0 && written < read / 2, $"{read} read, {written} written");
        Assert.InRange(run.NowMs - seen.Of("akkastream.log.cleaner.last.look").Last(), 0, 15_000);
    }

    [Fact]
    public void The_checks_of_stored_data_tell_how_far_they_are_and_how_much_is_damaged_also_after_a_restart()
    {
        using var run = new ReplicaRun();
        using var seen = new Measured();
        for (int topic = 0; topic < 4; topic++) run.NewTopic(topic, new LogConfig { RetentionMs = -1, SegmentBytes = 4000 });
        for (int i = 0; i < 20; i++) run.Append(0, valueBytes: 500);
        long bytes = run.View(0).SizeInBytes;
        run.Disk.FlipBit("/logs/t0-0/00000000000000000000.log", 200, 1);

        run.Advance(TimeSpan.FromMinutes(70));
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], seen.Of("akkastream.log.scrub.progress"));
        Assert.Equal(bytes, seen.Of("akkastream.log.scrub.read").Sum());
        Assert.Equal(1, seen.Of("akkastream.log.damaged.ranges").Sum());

        run.Restart(CrashKind.Kill);
        Assert.Equal(2, seen.Of("akkastream.log.damaged.ranges").Sum()); // a process that dies takes nothing back
        run.Advance(TimeSpan.FromHours(26));
        Assert.Equal(2, seen.Of("akkastream.log.damaged.ranges").Sum());
        run.Disk.FlipBit("/logs/t0-0/00000000000000000000.log", 200, 1);
        run.Advance(TimeSpan.FromHours(26));
        Assert.Equal(1, seen.Of("akkastream.log.damaged.ranges").Sum());
    }

    /// <summary>All that was measured on this thread: other tests run beside this one.</summary>
    sealed class Measured : IDisposable
    {
        readonly MeterListener _listener = new();
        readonly List<(string Name, double Value)> _values = [];
        readonly int _thread = Environment.CurrentManagedThreadId;

        public Measured()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "AkkaStream.Log") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Note(instrument, value));
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument, value));
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note(instrument, value));
            _listener.Start();
        }

        public List<double> Of(string name) => [.. _values.Where(one => one.Name == name).Select(one => one.Value)];

        void Note(Instrument instrument, double value)
        {
            if (Environment.CurrentManagedThreadId == _thread) _values.Add((instrument.Name, value));
        }

        public void Dispose() => _listener.Dispose();
    }
}
