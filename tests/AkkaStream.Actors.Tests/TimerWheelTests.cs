using AkkaStream.Actors.Timers;
using AkkaStream.TestKit;

namespace AkkaStream.Actors.Tests;

public class TimerWheelTests
{
    readonly ManualTime _time = new();
    readonly List<string> _fired = [];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(262_144)]
    [InlineData(16_777_217)]
    [InlineData(3_000_000_000)]
    [InlineData(68_719_476_735)]
    [InlineData(68_719_476_736)]
    [InlineData(200_000_000_000)]
    public void A_deadline_fires_at_its_millisecond_and_not_before(long milliseconds)
    {
        using var wheel = new TimerWheel(_time);
        _time.Advance(TimeSpan.FromMilliseconds(777));
        wheel.Schedule(new Noted(this, "x"), TimeSpan.FromMilliseconds(milliseconds));
        if (milliseconds > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.Empty(_fired);
        }

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds == 0 ? 0 : 1));
        Assert.Equal([$"x at {milliseconds + 777}"], _fired);
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void Parts_of_a_millisecond_are_rounded_up()
    {
        using var wheel = new TimerWheel(_time);
        _time.Advance(TimeSpan.FromMicroseconds(300));
        wheel.Schedule(new Noted(this, "x"), TimeSpan.FromMicroseconds(500));
        wheel.Schedule(new Noted(this, "y"), TimeSpan.FromMicroseconds(701));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(["x at 1.3", "y at 2.3"], _fired);
    }

    [Fact]
    public void A_deadline_that_was_taken_out_does_not_fire()
    {
        using var wheel = new TimerWheel(_time);
        var node = new Noted(this, "x");
        wheel.Schedule(node, TimeSpan.FromSeconds(1));
        Assert.True(wheel.Cancel(node));
        Assert.False(wheel.Cancel(node));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_fired);
    }

    [Fact]
    public void Scheduling_again_moves_the_deadline()
    {
        using var wheel = new TimerWheel(_time);
        var node = new Noted(this, "x");
        wheel.Schedule(node, TimeSpan.FromSeconds(1));
        wheel.Schedule(node, TimeSpan.FromSeconds(3));
        wheel.Schedule(node, TimeSpan.FromSeconds(2));
        Assert.Equal(1, wheel.Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["x at 2000"], _fired);
    }

    [Fact]
    public void A_node_may_schedule_itself_again_and_take_others_out_when_it_fires()
    {
        using var wheel = new TimerWheel(_time);
        var victim = new Noted(this, "victim");
        var node = new Noted(this, "x");
        node.Then = () =>
        {
            wheel.Cancel(victim);
            if (_fired.Count < 3) wheel.Schedule(node, TimeSpan.FromMilliseconds(10));
        };
        wheel.Schedule(node, TimeSpan.FromMilliseconds(10));
        wheel.Schedule(victim, TimeSpan.FromMilliseconds(10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["x at 10", "x at 20", "x at 30"], _fired);
    }

    [Fact]
    public void What_a_node_throws_is_reported_and_the_others_fire()
    {
        var failures = new List<Exception>();
        using var wheel = new TimerWheel(_time, failures.Add);
        wheel.Schedule(new Noted(this, "bad") { Then = () => throw new FormatException() }, TimeSpan.Zero);
        wheel.Schedule(new Noted(this, "good"), TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _fired.Count);
        Assert.IsType<FormatException>(Assert.Single(failures));
    }

    [Fact]
    public void An_empty_wheel_has_no_timer_set()
    {
        using var wheel = new TimerWheel(_time);
        Assert.Equal(0, _time.TimerCount);
        var nodes = Enumerable.Range(1, 50).Select(i => new Noted(this, $"{i}")).ToArray();
        foreach (var node in nodes) wheel.Schedule(node, TimeSpan.FromSeconds(1));
        Assert.Equal(1, _time.TimerCount);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _time.TimerCount);

        // One call may be left over from deadlines that were taken out.
        wheel.Schedule(nodes[0], TimeSpan.FromSeconds(1));
        wheel.Cancel(nodes[0]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public void Deadlines_that_only_get_later_set_the_clocks_timer_once()
    {
        var clock = new CountingTime(_time);
        using var wheel = new TimerWheel(clock);
        for (var i = 0; i < 1_000; i++)
        {
            var node = new Noted(this, $"{i}");
            wheel.Schedule(node, TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(i));
            wheel.Cancel(node);
        }

        Assert.Equal(1, clock.Changes);
    }

    [Fact]
    public void After_a_long_quiet_time_a_near_deadline_costs_one_call_of_the_clock()
    {
        var clock = new CountingTime(_time);
        using var wheel = new TimerWheel(clock);
        wheel.Schedule(new Noted(this, "far"), TimeSpan.FromDays(2));
        _time.Advance(TimeSpan.FromDays(1));
        var before = clock.Changes;
        wheel.Schedule(new Noted(this, "near"), TimeSpan.FromMilliseconds(5));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Single(_fired);
        Assert.InRange(clock.Changes - before, 1, 3);
    }

    [Fact]
    public void A_disposed_wheel_fires_nothing_and_takes_nothing()
    {
        var wheel = new TimerWheel(_time);
        wheel.Schedule(new Noted(this, "x"), TimeSpan.FromSeconds(1));
        wheel.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_fired);
        Assert.Equal(0, _time.TimerCount);
        Assert.Throws<ObjectDisposedException>(() => wheel.Schedule(new Noted(this, "y"), TimeSpan.Zero));
    }

    [Fact]
    public void Whatever_is_set_moved_and_taken_out_fires_in_the_order_of_deadlines_at_its_time() =>
        Seeds.ForEach(30, seed =>
    {
        var random = new SeededRandom((ulong)seed);
        var time = new ManualTime();
        using var wheel = new TimerWheel(time);
        var due = new Dictionary<Modelled, long>();
        var nodes = Enumerable.Range(0, 200).Select(_ => new Modelled(time, due)).ToArray();
        for (var step = 0; step < 2_000; step++)
        {
            var node = nodes[random.Next(nodes.Length)];
            switch (random.Next(4))
            {
                case 0 or 1:
                    var delay = (long)(Math.Pow(10, random.NextDouble() * 9) - 1);
                    wheel.Schedule(node, TimeSpan.FromMilliseconds(delay));
                    due[node] = (long)time.Elapsed.TotalMilliseconds + delay;
                    break;
                case 2:
                    Assert.Equal(due.Remove(node), wheel.Cancel(node));
                    break;
                default:
                    time.Advance(TimeSpan.FromMilliseconds((long)Math.Pow(10, random.NextDouble() * 7)));
                    Assert.DoesNotContain(due.Values, deadline => deadline <= time.Elapsed.TotalMilliseconds);
                    break;
            }

            Assert.Equal(due.Count, wheel.Count);
        }
    });

    [Fact]
    public void Threads_may_set_and_take_out_while_deadlines_fire()
    {
        const int Rounds = 20_000;
        using var wheel = new TimerWheel(TimeProvider.System);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var node = new Counted();
            for (var i = 0; i < Rounds; i++)
            {
                var fired = node.Fired;
                wheel.Schedule(node, TimeSpan.FromTicks(i % 20_000));
                if (!wheel.Cancel(node)) SpinWait.SpinUntil(() => node.Fired == fired + 1);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(0, wheel.Count);
    }

    sealed class Noted(TimerWheelTests test, string name) : TimerNode
    {
        public Action? Then { get; set; }

        protected internal override void OnDue()
        {
            test._fired.Add($"{name} at {test._time.Elapsed.TotalMilliseconds}");
            Then?.Invoke();
        }
    }

    sealed class Modelled(ManualTime time, Dictionary<Modelled, long> due) : TimerNode
    {
        protected internal override void OnDue()
        {
            Assert.True(due.Remove(this, out var deadline), "fired without being set");
            Assert.Equal(deadline, time.Elapsed.TotalMilliseconds);
        }
    }

    sealed class Counted : TimerNode
    {
        int _fired;

        public int Fired => Volatile.Read(ref _fired);

        protected internal override void OnDue() => Interlocked.Increment(ref _fired);
    }

    /// <summary>Counts how often timers of the clock are set.</summary>
    sealed class CountingTime(ManualTime time) : TimeProvider
    {
        public int Changes { get; private set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new CountingTimer(this, time.CreateTimer(callback, state, dueTime, period));

        sealed class CountingTimer(CountingTime clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock.Changes++;
                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
