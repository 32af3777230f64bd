using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class StashTests : IDisposable
{
    readonly TestActorSystem _world = new(0, new ActorSystemSettings { StashCapacity = 3 });
    readonly TestProbe _probe;

    public StashTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Stashed_messages_come_back_in_order_and_before_those_that_wait()
    {
        var actor = _world.ActorOf(Props.Create(() => new Opening()));
        foreach (var message in new[] { "a", "b", "open", "c" }) _probe.Send(actor, message);
        Assert.Equal(["a", "b", "c"], _probe.ReceiveAll());
        Assert.Same(actor, _probe.LastSenderOf("d", actor));
    }

    [Fact]
    public void Unstash_brings_back_the_oldest_one_only()
    {
        var actor = _world.ActorOf(Props.Create(() => new Opening()));
        foreach (var message in new[] { "a", "b", "open one" }) _probe.Send(actor, message);
        Assert.Equal(["a"], _probe.ReceiveAll());
    }

    [Fact]
    public void A_full_stash_is_a_failure_that_names_the_setting_and_a_restart_brings_all_back()
    {
        var actor = _world.ActorOf(Props.Create(() => new Opening()));
        foreach (var message in new[] { "a", "b", "c", "too much", "open" }) _probe.Send(actor, message);
        Assert.Equal(["a", "b", "c"], _probe.ReceiveAll());
        var line = Assert.Single(_world.Log.Lines, line => line.EventId == 1000);
        Assert.Contains("stash-capacity", line.Text);
    }

    [Fact]
    public void What_is_stashed_when_the_actor_stops_becomes_dead_letters()
    {
        var actor = _world.ActorOf(Props.Create(() => new Opening()));
        foreach (var message in new[] { "a", "b" }) _probe.Send(actor, message);
        _world.RunUntilIdle();
        _world.System.Stop(actor);
        _world.RunUntilIdle();
        Assert.Equal(2, _world.System.DeadLetterCount);
    }

    [Fact]
    public void One_message_is_stashed_once()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        actor.Do(self =>
        {
            self.Stash.Stash();
            var failure = Assert.Throws<InvalidOperationException>(() => self.Stash.Stash());
            _probe.Ref.Tell(failure.Message);
        });
        Assert.Contains("was stashed before", _probe.ExpectMsg<string>());
    }

    [Fact]
    public void A_stashed_ask_is_answered_when_it_comes_back()
    {
        var actor = _world.ActorOf(Props.Create(() => new Opening()));
        var answer = actor.Ask<string>("question", TimeSpan.FromSeconds(1));
        _world.RunUntilIdle();
        Assert.False(answer.IsCompleted);
        actor.Tell("open", null);
        Assert.Equal("question", _world.Await(answer));
    }

    /// <summary>Stashes until it is told to open; then echoes.</summary>
    sealed class Opening : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is string order && order.StartsWith("open", StringComparison.Ordinal))
            {
                Become(Reply);
                if (order == "open") Stash.UnstashAll();
                else Stash.Unstash();
            }
            else
            {
                Stash.Stash();
            }
        }
    }
}

static class ProbeExtensions
{
    /// <summary>Who answers this message.</summary>
    public static IActorRef LastSenderOf(this TestProbe probe, object message, IActorRef to)
    {
        probe.Send(to, message);
        probe.ExpectMsg(message);
        return probe.LastSender;
    }
}
