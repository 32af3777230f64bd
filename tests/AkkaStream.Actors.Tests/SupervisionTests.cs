using AkkaStream.Actors.Supervision;
using AkkaStream.TestKit.Actors;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Actors.Tests;

public sealed class SupervisionTests : IDisposable
{
    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;
    readonly List<string> _life = [];

    public SupervisionTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_restarted_actor_is_a_new_object_at_the_same_address_and_the_failed_message_is_gone()
    {
        var (_, child) = Supervise(Directive.Restart);
        child.Do(self => self.OnMessage = _ => _probe.Ref.Tell("old object"));
        child.Fail("broken");
        child.Do(self => _probe.Ref.Tell(self.OnMessage is null ? "new object" : "old object"));
        _probe.ExpectMsg("new object");
        Assert.Equal(
            ["PreStart", "PreRestart broken", "PostStop", "PostRestart broken", "PreStart"], _life);
    }

    [Fact]
    public void Messages_that_wait_are_handled_after_the_restart_in_order()
    {
        var (_, child) = Supervise(Directive.Restart);
        child.Fail("broken");
        for (var i = 0; i < 100; i++)
        {
            var number = i;
            child.Do(_ => _probe.Ref.Tell(number));
        }

        Assert.Equal(Enumerable.Range(0, 100).Cast<object>(), _probe.ReceiveN(100));
    }

    [Fact]
    public void Resume_keeps_the_object_and_its_state()
    {
        var (_, child) = Supervise(Directive.Resume);
        child.Do(self => self.OnMessage = _ => { });
        child.Fail("hiccup");
        child.Do(self => _probe.Ref.Tell(self.OnMessage is null ? "new object" : "old object"));
        _probe.ExpectMsg("old object");
        Assert.Equal(["PreStart"], _life);
    }

    [Fact]
    public void Stop_stops_only_the_one_that_failed()
    {
        var (parent, child) = Supervise(Directive.Stop);
        _probe.Watch(child);
        child.Fail("broken");
        _probe.ExpectTerminated(child);
        parent.Do(_ => _probe.Ref.Tell("parent lives"));
        _probe.ExpectMsg("parent lives");
    }

    [Fact]
    public void Escalate_fails_the_parent_with_the_same_reason()
    {
        var (parent, child) = Supervise(Directive.Escalate);
        _probe.Watch(child);
        child.Fail("too much");
        _probe.ExpectTerminated(child);
        parent.Do(self => _probe.Ref.Tell("parent was restarted"));
        _probe.ExpectMsg("parent was restarted");
        Assert.Equal(2, _world.Log.Lines.Count(line => line.EventId == 1000));
    }

    [Fact]
    public void A_failure_is_one_clear_log_line()
    {
        var (_, child) = Supervise(Directive.Restart);
        child.Tell(new ScriptedActor.Order(_ => throw new InvalidOperationException("no such partition")), null);
        _world.RunUntilIdle();
        var line = Assert.Single(_world.Log.AtLeast(LogLevel.Information));
        Assert.Equal(
            "akka://test/user/parent/child is restarted after InvalidOperationException: no such partition (at work on Order)",
            line.Text);
    }

    [Fact]
    public void While_a_failed_actor_waits_for_the_verdict_it_handles_nothing()
    {
        // The parent is kept from judging by being in the queue behind: a seed that runs the child first.
        var (_, child) = Supervise(Directive.Resume);
        child.Fail("broken");
        child.Do(_ => _life.Add("handled"));
        _world.Dispatcher.RunOne();
        Assert.DoesNotContain("handled", _life);
        _world.RunUntilIdle();
        Assert.Contains("handled", _life);
    }

    [Fact]
    public void After_the_allowed_restarts_in_the_window_the_child_stops()
    {
        var (_, child) = Supervise(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        _probe.Watch(child);
        for (var i = 0; i < 2; i++)
        {
            child.Fail("again");
            _probe.ExpectNoMsg(TimeSpan.FromSeconds(1));
        }

        child.Fail("once too often");
        _probe.ExpectTerminated(child);
    }

    [Fact]
    public void Restarts_in_an_earlier_window_do_not_count()
    {
        var (_, child) = Supervise(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        _probe.Watch(child);
        for (var i = 0; i < 10; i++)
        {
            child.Fail("now and then");
            _probe.ExpectNoMsg(TimeSpan.FromSeconds(40));
        }
    }

    [Fact]
    public void No_restart_is_allowed_when_their_number_is_zero()
    {
        var (_, child) = Supervise(new OneForOneStrategy(0, null, _ => Directive.Restart));
        _probe.Watch(child);
        child.Fail("once");
        _probe.ExpectTerminated(child);
    }

    [Fact]
    public void The_decider_sees_the_exception()
    {
        var strategy = new OneForOneStrategy(e => e is TimeoutException ? Directive.Resume : Directive.Stop);
        var (_, child) = Supervise(strategy);
        _probe.Watch(child);
        child.Do(_ => throw new TimeoutException());
        _probe.ExpectNoMsg();
        child.Do(_ => throw new FormatException());
        _probe.ExpectTerminated(child);
    }

    [Fact]
    public void An_actor_whose_constructor_throws_stops_by_default()
    {
        var actor = _world.System.ActorOf(Props.Create<EchoActor>(() => throw new FormatException("bad argument")));
        _probe.Watch(actor);
        _probe.ExpectTerminated(actor);
        var line = Assert.Single(_world.Log.Lines, line => line.EventId == 1000);
        Assert.Contains("could not be made: bad argument", line.Text);
    }

    [Fact]
    public void An_actor_that_could_not_be_made_is_made_anew_if_its_supervisor_wants_that()
    {
        var attempts = 0;
        var strategy = new OneForOneStrategy(_ => Directive.Restart);
        var parent = _world.ActorOf(Props.Create(() => new ScriptedActor(null, strategy)));
        parent.Do(self => self.Context.ActorOf(Props.Create(() =>
            ++attempts < 3 ? throw new FormatException() : new ScriptedActor(_life))));
        _world.RunUntilIdle();
        Assert.Equal(3, attempts);
        Assert.Equal("PreStart", _life[^1]);
    }

    [Fact]
    public void A_restart_waits_for_the_children_to_stop()
    {
        var (parent, child) = Supervise(Directive.Restart);
        child.Do(self => self.Context.ActorOf(Props.Create(() => new ScriptedActor(_life)), "grandchild"));
        _world.RunUntilIdle();
        _life.Clear();
        child.Fail("broken");
        _world.RunUntilIdle();
        Assert.Equal(
            ["PreRestart broken", "PostStop", "PostStop", "PostRestart broken", "PreStart"], _life);
        child.Do(self => _probe.Ref.Tell(self.Context.GetChildren().Count));
        _probe.ExpectMsg(0);
    }

    [Fact]
    public void Children_that_PreRestart_left_alive_are_restarted_too()
    {
        var parent = _world.ActorOf(Props.Create(() => new Keeper(_life)));
        parent.Tell("fail", null);
        _world.RunUntilIdle();
        Assert.Equal(["PreStart", "PreRestart keep them", "PostStop", "PostRestart keep them", "PreStart"], _life);
    }

    [Fact]
    public void Stopping_a_failed_actor_stops_its_whole_tree()
    {
        var (_, child) = Supervise(Directive.Stop);
        child.Do(self => self.Context.ActorOf(Props.Create(() => new ScriptedActor(_life))));
        _world.RunUntilIdle();
        _life.Clear();
        child.Fail("broken");
        _world.RunUntilIdle();
        Assert.Equal(["PostStop", "PostStop"], _life);
    }

    [Fact]
    public void A_failure_escalated_to_the_top_ends_the_system_with_a_critical_line()
    {
        var settings = new ActorSystemSettings
        {
            GuardianStrategy = new OneForOneStrategy(_ => Directive.Escalate),
        };
        using var world = new TestActorSystem(0, settings);
        var actor = world.ActorOf(Props.Create(() => new ScriptedActor()));
        actor.Fail("fatal");
        world.RunUntilIdle();
        Assert.True(world.System.WhenTerminated.IsCompleted);
        Assert.Single(world.Log.AtLeast(LogLevel.Critical));
    }

    [Fact]
    public void A_throw_in_PostStop_is_logged_and_the_actor_stops_all_the_same()
    {
        var actor = _world.ActorOf(Props.Create(() => new ThrowsAtEnd()));
        _probe.Watch(actor);
        _world.System.Stop(actor);
        _probe.ExpectTerminated(actor);
        Assert.Single(_world.Log.Lines, line => line.EventId == 1002);
    }

    (IActorRef Parent, IActorRef Child) Supervise(Directive directive) =>
        Supervise(new OneForOneStrategy(_ => directive));

    (IActorRef Parent, IActorRef Child) Supervise(SupervisorStrategy strategy)
    {
        IActorRef? child = null;
        var parent = _world.ActorOf(Props.Create(() => new ScriptedActor(null, strategy)), "parent");
        parent.Do(self => child = self.Context.ActorOf(Props.Create(() => new ScriptedActor(_life)), "child"));
        _world.RunUntilIdle();
        return (parent, child!);
    }

    sealed class Keeper(List<string> life) : UntypedActor
    {
        protected internal override void PreStart()
        {
            if (Context.Child("kept") is null) Context.ActorOf(Props.Create(() => new ScriptedActor(life)), "kept");
        }

        protected internal override void PreRestart(Exception reason, object? message)
        {
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("keep them");
    }

    sealed class ThrowsAtEnd : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected internal override void PostStop() => throw new InvalidOperationException();
    }
}
