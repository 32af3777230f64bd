using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class WatchTests : IDisposable
{
    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;

    public WatchTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_watched_death_is_told()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        _probe.Watch(actor);
        actor.Tell(PoisonPill.Instance, null);
        _probe.ExpectTerminated(actor);
        Assert.Same(actor, _probe.LastSender);
    }

    [Fact]
    public void Watching_a_dead_actor_tells_at_once()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        _world.System.Stop(actor);
        _world.RunUntilIdle();
        _probe.Watch(actor);
        _probe.ExpectTerminated(actor, TimeSpan.Zero);
    }

    [Fact]
    public void Dead_letters_count_as_dead()
    {
        _probe.Watch(_world.System.DeadLetters);
        _probe.ExpectTerminated(_world.System.DeadLetters);
    }

    [Fact]
    public void A_death_is_told_once_however_often_it_was_watched()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        _probe.Watch(actor);
        _probe.Watch(actor);
        _world.System.Stop(actor);
        _probe.ExpectTerminated(actor);
        _probe.ExpectNoMsg();
    }

    [Fact]
    public void News_of_a_death_come_behind_all_that_the_dead_had_told()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        _probe.Watch(actor);
        actor.Do(self =>
        {
            for (var i = 0; i < 3; i++) _probe.Ref.Tell(i);
            self.Context.Stop(self.Self);
        });
        Assert.Equal([0, 1, 2], _probe.ReceiveN(3));
        _probe.ExpectTerminated(actor);
    }

    [Fact]
    public void After_unwatching_nothing_is_told()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        _probe.Watch(actor);
        _probe.Unwatch(actor);
        _world.System.Stop(actor);
        _probe.ExpectNoMsg();
    }

    [Fact]
    public void News_that_wait_in_the_mailbox_are_void_after_unwatching()
    {
        var victim = _world.ActorOf(Props.Create<EchoActor>());
        var watcher = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        watcher.Do(self =>
        {
            self.OnMessage = _probe.Ref.Tell;
            self.Context.Watch(victim);
        });
        _world.RunUntilIdle();
        watcher.Do(self => self.Stash.Stash());
        watcher.Do(self =>
        {
            // The watched one dies within this turn, so its news wait by the time of the next order.
            _world.System.Stop(victim);
            _world.Dispatcher.RunUntilIdle();
        });
        watcher.Do(self => self.Context.Unwatch(victim));
        _probe.ExpectNoMsg();
        Assert.True(((ActorCell)victim).IsTerminated);
    }

    [Fact]
    public void WatchWith_tells_ones_own_message_instead()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        var watcher = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        watcher.Do(self =>
        {
            self.OnMessage = message => _probe.Ref.Tell(message);
            self.Context.WatchWith(actor, "gone");
        });
        _world.RunUntilIdle();
        _world.System.Stop(actor);
        _probe.ExpectMsg("gone");
    }

    [Fact]
    public void A_death_that_was_watched_and_not_handled_is_a_failure()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        var watcher = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        watcher.Do(self => self.Context.Watch(actor));
        _probe.Watch(watcher);
        _world.System.Stop(actor);
        _probe.ExpectTerminated(watcher);
        Assert.IsType<DeathPactException>(Assert.Single(_world.Log.Lines, line => line.EventId == 1000).Exception);
    }

    [Fact]
    public void A_dead_watcher_leaves_nothing_behind_at_the_watched()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        var watcher = _world.CreateProbe();
        watcher.Watch(actor);
        _world.System.Stop(watcher.Ref);
        _world.RunUntilIdle();
        _world.System.Stop(actor);
        _world.RunUntilIdle();
        Assert.Equal(0, _world.System.DeadLetterCount);
    }
}
