using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Replication.Tests.Support;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Disk;

namespace AkkaStream.Replication.Tests;

/// <summary>
/// Whatever the disk does under durability = fsync: what was acknowledged is there after the power was lost, and nothing that consumers had
/// seen is gone. Appends in any number at a time, syncs that fail, disks that fill up, crashes in the middle of a change, from seeds.
/// </summary>
public sealed class PowerLossTests
{
    static readonly LogConfig Synced = new() { SyncsFirst = true, SegmentBytes = 2_000 };

    [Fact]
    [Trait("Kind", "Simulation")]
    public void Nothing_acknowledged_is_lost() => Seeds.ForEach(20, seed => new Run(seed).Play());

    sealed class Run(long seed)
    {
        readonly Random _random = Seeds.Random(seed);
        readonly List<(long Offset, int Records)>[] _acknowledged = [[], []];
        readonly long[] _seen = [0, 0];
        readonly List<(int Topic, int Records, Appended Append)> _underWay = [];
        readonly List<string> _history = [];

        public void Play()
        {
            using var run = new ReplicaRun(disk: new SimulatedDisk(seed));
            run.NewTopic(0, Synced);
            run.NewTopic(1, Synced);
            for (int crash = 0; crash < 6; crash++)
            {
                if (_random.Next(2) == 0) run.Disk.CrashAfter(_random.Next(5, 80));
                for (int step = 0; step < 25 && !run.Disk.IsDown; step++) Step(run);
                run.Disk.Fails = null;
                run.Disk.Capacity = long.MaxValue;
                Note(run);
                _history.AddRange(run.System.Log.Lines.Select(line => "    " + line.Text));
                _history.Add("power loss");
                run.Restart(CrashKind.PowerLoss);
                run.Advance(TimeSpan.FromSeconds(40));
                Check(run);
            }
        }

        void Step(ReplicaRun run)
        {
            try
            {
                switch (_random.Next(10))
                {
                    case 0: run.Disk.Fails = (operation, _) => operation == DiskOperation.Sync && _random.Next(4) == 0; break;
                    case 1: run.Disk.Capacity = run.Disk.UsedBytes + _random.Next(3_000); break;
                    case 2:
                        run.Disk.Fails = null;
                        run.Disk.Capacity = long.MaxValue;
                        break;
                    case 3: run.Advance(TimeSpan.FromSeconds(_random.Next(1, 40))); break;
                    default:
                        for (int i = _random.Next(1, 4); i > 0; i--) Offer(run);
                        break;
                }
                if (_random.Next(3) > 0) run.System.RunUntilIdle();
            }
            catch (SimulatedCrashException)
            {
                // The machine is down: whoever waits waits for ever.
            }
            Note(run);
        }

        void Offer(ReplicaRun run)
        {
            int topic = _random.Next(2), records = _random.Next(1, 5);
            _underWay.Add((topic, records, run.Offer(topic, records, valueBytes: _random.Next(10, 900))));
        }

        void Note(ReplicaRun run)
        {
            foreach (var (topic, records, append) in _underWay.Where(u => u.Append.Error is not null))
            {
                _history.Add($"t{topic}: {records} records, {append.Error} at {append.BaseOffset}");
                if (append.Error == ErrorCode.None) _acknowledged[topic].Add((append.BaseOffset, records));
            }
            _underWay.RemoveAll(u => u.Append.Error is not null);
            for (int topic = 0; topic < 2; topic++)
                _seen[topic] = Math.Max(_seen[topic], run.Replica(topic).View?.HighWatermark.Value ?? 0);
        }

        void Check(ReplicaRun run)
        {
            _underWay.Clear();
            for (int topic = 0; topic < 2; topic++)
            {
                Assert.True(run.Replica(topic).Standing.IsLeader, Told($"t{topic} is offline", run));
                long end = run.View(topic).EndOffset.Value;
                long lost = _acknowledged[topic].Where(a => a.Offset + a.Records > end).Select(a => a.Offset).DefaultIfEmpty(-1).Min();
                Assert.True(lost < 0, Told($"t{topic} ends at {end}, and offset {lost} was acknowledged", run));
                Assert.True(end >= _seen[topic], Told($"t{topic} ends at {end}, and consumers had seen up to {_seen[topic]}", run));
                Assert.True(run.View(topic).HighWatermark.Value == end, Told($"t{topic} shows {run.View(topic).HighWatermark} of {end}", run));
            }
        }

        string Told(string what, ReplicaRun run) =>
            $"seed {seed}: {what}\n{string.Join('\n', _history)}\n{string.Join('\n', run.System.Log.Lines.Select(line => line.Text))}";
    }
}
