using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class LifeTests : IDisposable
{
    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;
    readonly List<string> _life = [];

    public LifeTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void PreStart_runs_before_the_first_message_and_PostStop_after_the_last()
    {
        var actor = _world.System.ActorOf(Props.Create(() => new ScriptedActor(_life)));
        actor.Do(_ => _life.Add("message"));
        actor.Tell(PoisonPill.Instance, null);
        actor.Do(_ => _life.Add("too late"));
        _world.RunUntilIdle();
        Assert.Equal(["PreStart", "message", "PostStop"], _life);
    }

    [Fact]
    public void Stop_takes_effect_after_the_present_message_and_before_the_waiting_ones()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor(_life)));
        actor.Do(self =>
        {
            self.Context.Stop(self.Self);
            _life.Add("still here");
        });
        actor.Do(_ => _life.Add("too late"));
        _world.RunUntilIdle();
        Assert.Equal(["PreStart", "still here", "PostStop"], _life);
        Assert.Equal(1, _world.System.DeadLetterCount);
    }

    [Fact]
    public void Children_stop_before_their_parent()
    {
        var parent = _world.ActorOf(Props.Create(() => new Family(3, "parent", _life)), "parent");
        _probe.Watch(parent);
        _world.System.Stop(parent);
        _probe.ExpectTerminated(parent);
        Assert.Equal(15, _life.Count);
        for (var i = 0; i < _life.Count; i++)
        {
            var childrenBefore = _life.Take(i).Count(other => other.StartsWith(_life[i], StringComparison.Ordinal));
            Assert.Equal(_life.Count(other => other.StartsWith(_life[i], StringComparison.Ordinal)) - 1, childrenBefore);
        }
    }

    [Fact]
    public void A_stopping_actor_makes_no_more_children()
    {
        var parent = _world.ActorOf(Props.Create(() => new ChildInPostStop()));
        _world.System.Stop(parent);
        _world.RunUntilIdle();
        var line = Assert.Single(_world.Log.Lines, line => line.EventId == 1002);
        Assert.Contains("is stopping and makes no more children", line.Exception!.Message);
    }

    [Fact]
    public void A_childs_name_is_free_again_when_its_death_is_known()
    {
        var parent = _world.ActorOf(Props.Create(() => new ScriptedActor(null, null)));
        parent.Do(self =>
        {
            var child = self.Context.Watch(self.Context.ActorOf(Props.Create<EchoActor>(), "one"));
            self.Context.Stop(child);
            self.OnMessage = message =>
            {
                self.Context.ActorOf(Props.Create<EchoActor>(), "one");
                _probe.Ref.Tell(message.GetType());
            };
        });
        _probe.ExpectMsg(typeof(Terminated));
        Assert.DoesNotContain(_world.Log.Lines, line => line.EventId == 1000);
    }

    [Fact]
    public void Children_are_found_by_name_and_listed()
    {
        var parent = _world.ActorOf(Props.Create(() => new ScriptedActor(null, null)));
        parent.Do(self =>
        {
            var a = self.Context.ActorOf(Props.Create<EchoActor>(), "a");
            var unnamed = self.Context.ActorOf(Props.Create<EchoActor>());
            Assert.Same(a, self.Context.Child("a"));
            Assert.Null(self.Context.Child("b"));
            Assert.Equal([a, unnamed], self.Context.GetChildren());
            Assert.Same(self.Self, self.Context.Child("a") is { } child ? ((ActorCell)child).Parent : null);
            _probe.Ref.Tell("checked");
        });
        _probe.ExpectMsg("checked");
    }

    [Fact]
    public void Kill_is_a_failure_that_by_default_stops()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor(_life)));
        actor.Tell(Kill.Instance, null);
        _world.RunUntilIdle();
        Assert.Equal(["PreStart", "PostStop"], _life);
        Assert.IsType<ActorKilledException>(Assert.Single(_world.Log.Lines, line => line.EventId == 1000).Exception);
    }

    [Fact]
    public void A_factory_must_make_a_new_actor_each_time()
    {
        ScriptedActor? first = null;
        var actor = _world.ActorOf(Props.Create(() => first ??= new ScriptedActor(_life)));
        actor.Fail("once");
        _world.RunUntilIdle();
        Assert.Contains(_world.Log.Lines, line => line.Text.Contains("must return a new actor each time"));
    }

    [Fact]
    public void Terminating_the_system_stops_user_actors_before_system_actors()
    {
        _world.ActorOf(Props.Create(() => new Family(1, "user", _life)));
        _world.System.SystemActorOf(Props.Create(() => new Family(1, "system", _life)), "service");
        _world.RunUntilIdle();
        var terminated = _world.System.Terminate();
        _world.RunUntilIdle();
        Assert.True(terminated.IsCompletedSuccessfully);
        Assert.Equal(["user.0", "user.1", "user", "system.0", "system.1", "system"], _life);
        Assert.Throws<InvalidOperationException>(() => _world.System.ActorOf(Props.Create<EchoActor>()));
    }

    [Fact]
    public void GracefulStop_handles_what_waits_and_tells_when_the_actor_is_gone()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor(_life)));
        actor.Do(_ => _life.Add("message"));
        Assert.True(_world.Await(new ValueTask<bool>(actor.GracefulStop(TimeSpan.FromSeconds(1)))));
        Assert.Equal(["PreStart", "message", "PostStop"], _life);
        Assert.True(_world.Await(new ValueTask<bool>(actor.GracefulStop(TimeSpan.FromSeconds(1)))));
    }

    [Fact]
    public void GracefulStop_tells_when_the_actor_does_not_go()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor(_life)));
        var stopped = actor.GracefulStop(TimeSpan.FromSeconds(1), "please");
        Assert.False(_world.Await(new ValueTask<bool>(stopped)));
    }

    /// <summary>A tree of the given depth with two children each, which notes its deaths.</summary>
    sealed class Family : UntypedActor
    {
        readonly string _name;
        readonly List<string> _life;

        public Family(int depth, string name, List<string> life)
        {
            (_name, _life) = (name, life);
            for (var i = 0; i < 2 && depth > 0; i++)
            {
                var child = $"{name}.{i}";
                Context.ActorOf(Props.Create(() => new Family(depth - 1, child, life)), $"child-{i}");
            }
        }

        protected override void OnReceive(object message) => Unhandled(message);

        protected internal override void PostStop() => _life.Add(_name);
    }

    sealed class ChildInPostStop : UntypedActor
    {
        public ChildInPostStop() => Context.ActorOf(Props.Create<EchoActor>());

        protected override void OnReceive(object message) => Unhandled(message);

        protected internal override void PostStop() => Context.ActorOf(Props.Create<EchoActor>());
    }
}
