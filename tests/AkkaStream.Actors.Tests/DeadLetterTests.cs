using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class DeadLetterTests : IDisposable
{
    readonly TestActorSystem _world = new(0, new ActorSystemSettings
    {
        DeadLetterLogLimit = 3,
        DeadLetterLogWindow = TimeSpan.FromSeconds(10),
    });

    readonly TestProbe _probe;

    public DeadLetterTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_is_told_to_a_dead_actor_is_counted_and_published()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        _world.System.Stop(actor);
        _world.RunUntilIdle();
        _world.System.EventStream.Subscribe<DeadLetter>(_probe.Ref);
        actor.Tell("lost", _probe.Ref);
        _probe.ExpectMsg(new DeadLetter("lost", _probe.Ref, actor, DeadLetterReason.Stopped));
        Assert.Equal(1, _world.System.DeadLetterCount);
    }

    [Fact]
    public void A_storm_of_dead_letters_costs_a_few_lines_and_one_with_their_number()
    {
        for (var i = 0; i < 1_000; i++) _world.System.DeadLetters.Tell(i, null);
        Assert.Equal(3, Lines(1010));
        _world.Advance(TimeSpan.FromSeconds(10));
        _world.System.DeadLetters.Tell("one more", null);
        Assert.Equal(4, Lines(1010));
        Assert.Single(_world.Log.Lines, line => line.Text == "997 more dead letters were not logged");
        Assert.Equal(1_001, _world.System.DeadLetterCount);
    }

    [Fact]
    public void The_kernels_own_messages_are_no_dead_letters()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        _world.System.Stop(actor);
        _world.RunUntilIdle();
        actor.Tell(PoisonPill.Instance, null);
        actor.Tell(Kill.Instance, null);
        Assert.Equal(0, _world.System.DeadLetterCount);
    }

    [Fact]
    public void Subscribers_are_told_events_of_their_type_until_they_unsubscribe_or_die()
    {
        var stream = _world.System.EventStream;
        stream.Subscribe<IFormattable>(_probe.Ref);
        stream.Subscribe<IFormattable>(_probe.Ref);
        stream.Publish(5);
        stream.Publish("not formattable");
        Assert.Equal([5], _probe.ReceiveAll());
        stream.Unsubscribe(_probe.Ref);
        stream.Publish(6);
        _probe.ExpectNoMsg();
        stream.Subscribe<object>(_probe.Ref);
        _world.System.Stop(_probe.Ref);
        _world.RunUntilIdle();
        stream.Publish(7);
        Assert.Equal(0, _world.System.DeadLetterCount);
    }

    int Lines(int eventId) => _world.Log.Lines.Count(line => line.EventId == eventId);
}
