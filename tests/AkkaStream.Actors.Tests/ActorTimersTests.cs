using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class ActorTimersTests : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;
    readonly IActorRef _actor;

    public ActorTimersTests()
    {
        _probe = _world.CreateProbe();
        _actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        _actor.Do(self => self.OnMessage = message => _probe.Ref.Tell(message));
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_single_timer_tells_once_and_not_early()
    {
        _actor.Do(self => self.Timers.StartSingleTimer("key", "due", Second));
        _probe.ExpectNoMsg(Second - TimeSpan.FromMilliseconds(1));
        _probe.ExpectMsg("due", TimeSpan.FromMilliseconds(1));
        _probe.ExpectNoMsg(Second * 10);
        _actor.Do(self => _probe.Ref.Tell(self.Timers.IsTimerActive("key")));
        _probe.ExpectMsg(false);
    }

    [Fact]
    public void Starting_a_key_again_replaces_its_timer()
    {
        _actor.Do(self => self.Timers.StartSingleTimer("key", "old", Second));
        _probe.ExpectNoMsg(Second / 2);
        _actor.Do(self => self.Timers.StartSingleTimer("key", "new", Second));
        _probe.ExpectNoMsg(Second - TimeSpan.FromMilliseconds(1));
        _probe.ExpectMsg("new", TimeSpan.FromMilliseconds(1));
        _probe.ExpectNoMsg(Second * 10);
    }

    [Fact]
    public void The_message_of_a_cancelled_timer_never_arrives_even_if_it_waits_in_the_mailbox()
    {
        _actor.Do(self => self.Timers.StartSingleTimer("key", "due", Second));
        _actor.Do(self => self.Timers.StartPeriodicTimer("beat", "beat", Second));
        _world.RunUntilIdle();
        _actor.Do(self => self.Timers.Cancel("key"));
        _actor.Do(self => self.Timers.CancelAll());
        _world.Time.Advance(Second);
        _probe.ExpectNoMsg(Second * 10);
        Assert.Equal(0, _world.System.Timers.Count);
    }

    [Fact]
    public void The_message_of_a_replaced_timer_never_arrives_even_if_it_waits_in_the_mailbox()
    {
        _actor.Do(self => self.Timers.StartSingleTimer("key", "old", Second));
        _world.RunUntilIdle();
        _actor.Do(self => self.Timers.StartSingleTimer("key", "new", Second * 2));
        _world.Time.Advance(Second);
        _probe.ExpectNoMsg(Second);
        _probe.ExpectMsg("new", Second);
    }

    [Fact]
    public void A_periodic_timer_counts_from_the_handling_of_the_last_message()
    {
        _actor.Do(self => self.Timers.StartPeriodicTimer("key", "beat", Second / 2, Second));
        _world.Advance(Second / 2);
        Assert.Equal(["beat"], _probe.ReceiveAll());
        _world.Advance(Second * 10);
        Assert.Equal(10, _probe.ReceiveAll().Count);
    }

    [Fact]
    public void Beats_that_a_slow_actor_misses_are_left_out()
    {
        _actor.Do(self => self.Timers.StartTimerAtFixedRate("rate", "rate", Second));
        _actor.Do(self => self.Timers.StartPeriodicTimer("delay", "delay", Second));
        _world.RunUntilIdle();
        _world.Time.Advance(Second * 4.5);
        _world.RunUntilIdle();
        Assert.Equal(["rate", "delay"], _probe.ReceiveAll());
        _world.Advance(Second / 2);
        Assert.Equal(["rate"], _probe.ReceiveAll());
        _world.Advance(Second / 2);
        Assert.Equal(["delay"], _probe.ReceiveAll());
    }

    [Fact]
    public void A_fixed_rate_keeps_to_the_grid_of_its_first_beat()
    {
        var beats = new List<TimeSpan>();
        _actor.Do(self =>
        {
            self.OnMessage = _ => beats.Add(_world.Time.Elapsed);
            self.Timers.StartTimerAtFixedRate("key", "beat", TimeSpan.FromMilliseconds(250), Second);
        });
        _world.Advance(Second * 3);
        Assert.Equal([250, 1250, 2250], beats.Select(beat => beat.TotalMilliseconds));
    }

    [Fact]
    public void A_stop_ends_the_timers()
    {
        _actor.Do(self => self.Timers.StartPeriodicTimer("key", "beat", Second));
        _world.RunUntilIdle();
        _world.System.Stop(_actor);
        _world.RunUntilIdle();
        Assert.Equal(0, _world.System.Timers.Count);
        _probe.ExpectNoMsg(Second * 5);
    }

    [Fact]
    public void A_restart_ends_the_timers()
    {
        _actor.Do(self => self.Timers.StartPeriodicTimer("key", "beat", Second));
        _actor.Fail("restart");
        _actor.Do(self => self.OnMessage = message => _probe.Ref.Tell(message));
        _probe.ExpectNoMsg(Second * 5);
        Assert.Equal(0, _world.System.Timers.Count);
    }

    [Fact]
    public void A_periodic_timer_goes_on_when_its_handler_failed_and_the_actor_was_resumed()
    {
        var strategy = new Supervision.OneForOneStrategy(_ => Supervision.Directive.Resume);
        var parent = _world.ActorOf(Props.Create(() => new ScriptedActor(null, strategy)));
        var beats = 0;
        parent.Do(self => self.Context.ActorOf(Props.Create(() => new ScriptedActor())).Do(child =>
        {
            child.OnMessage = _ => throw new FormatException($"{++beats}");
            child.Timers.StartPeriodicTimer("key", "beat", Second);
        }));
        _world.Advance(Second * 3);
        Assert.Equal(3, beats);
    }

    [Fact]
    public void An_interval_must_be_above_zero()
    {
        _actor.Do(self =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => self.Timers.StartPeriodicTimer("key", "beat", TimeSpan.Zero));
            _probe.Ref.Tell("checked");
        });
        _probe.ExpectMsg("checked");
    }

    [Fact]
    public void A_receive_timeout_is_told_after_a_time_without_messages_and_again_after_the_next()
    {
        _actor.Do(self => self.OnMessage = message => _probe.Ref.Tell(message.GetType().Name));
        _actor.Do(self => self.Context.SetReceiveTimeout(Second));
        _probe.ExpectNoMsg(Second - TimeSpan.FromMilliseconds(1));
        _probe.ExpectMsg("ReceiveTimeout", TimeSpan.FromMilliseconds(1));
        _probe.ExpectNoMsg(Second - TimeSpan.FromMilliseconds(1));
        _probe.ExpectMsg("ReceiveTimeout", TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Messages_put_the_receive_timeout_off()
    {
        _actor.Do(self => self.OnMessage = message => _probe.Ref.Tell(message.GetType().Name));
        _actor.Do(self => self.Context.SetReceiveTimeout(Second));
        for (var i = 0; i < 5; i++)
        {
            _world.Advance(Second * 0.9);
            _actor.Tell(i, null);
            _probe.ExpectMsg("Int32", TimeSpan.Zero);
        }

        _probe.ExpectNoMsg(Second * 0.9);
        _probe.ExpectMsg("ReceiveTimeout", Second * 0.1);
    }

    [Fact]
    public void A_receive_timeout_is_void_when_a_message_came_before_it_in_the_mailbox()
    {
        _actor.Do(self => self.OnMessage = message => _probe.Ref.Tell(message.GetType().Name));
        _actor.Do(self => self.Context.SetReceiveTimeout(Second));
        _world.RunUntilIdle();
        _actor.Tell("in time", null);
        _world.Time.Advance(Second);
        _probe.ExpectMsg("String");
        _probe.ExpectNoMsg(Second * 0.9);
        _probe.ExpectMsg("ReceiveTimeout", Second * 0.1);
    }

    [Fact]
    public void A_receive_timeout_can_be_ended()
    {
        _actor.Do(self => self.Context.SetReceiveTimeout(Second));
        _actor.Do(self => self.Context.SetReceiveTimeout(null));
        _probe.ExpectNoMsg(Second * 5);
        Assert.Equal(0, _world.System.Timers.Count);
    }
}
