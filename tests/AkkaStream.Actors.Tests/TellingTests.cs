using AkkaStream.Actors.Mailboxes;
using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class TellingTests : IDisposable
{
    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;

    public TellingTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_told_message_arrives_with_its_sender()
    {
        _world.ActorOf(Props.Create(() => new Forwarder(_probe.Ref))).Tell("hello", _world.System.DeadLetters);
        _probe.ExpectMsg("hello");
        Assert.Same(_world.System.DeadLetters, _probe.LastSender);
    }

    [Fact]
    public void Messages_of_one_sender_arrive_in_order()
    {
        for (var i = 0; i < 1_000; i++) _probe.Ref.Tell(i, null);
        Assert.Equal(Enumerable.Range(0, 1_000).Cast<object>(), _probe.ReceiveAll());
    }

    [Fact]
    public void Within_a_turn_the_running_actor_is_the_sender()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        actor.Do(_ => _probe.Ref.Tell("from inside"));
        _probe.ExpectMsg("from inside");
        Assert.Same(actor, _probe.LastSender);
        _probe.Ref.Tell("from outside");
        _probe.ExpectMsg("from outside");
        Assert.Same(_world.System.DeadLetters, _probe.LastSender);
    }

    [Fact]
    public void Forwarding_keeps_the_first_sender()
    {
        var forwarder = _world.ActorOf(Props.Create(() => new Forwarder(_probe.Ref)));
        var asker = _world.CreateProbe();
        asker.Send(forwarder, "question");
        _probe.ExpectMsg("question");
        _probe.Reply("answer");
        asker.ExpectMsg("answer");
        Assert.Throws<InvalidOperationException>(() => _probe.Ref.Forward("outside"));
    }

    [Fact]
    public void A_null_message_is_refused_where_it_is_told() =>
        Assert.Throws<ArgumentNullException>(() => _probe.Ref.Tell(null!, null));

    [Fact]
    public void Identify_is_answered_by_the_kernel()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        _probe.Send(actor, new Identify(7));
        _probe.ExpectMsg(new ActorIdentity(7, actor));
    }

    [Fact]
    public void What_a_full_mailbox_refuses_is_a_dead_letter()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>().WithMailbox(MailboxSettings.Bounded(2)));
        for (var i = 0; i < 5; i++) _probe.Send(actor, i);
        Assert.Equal([0, 1], _probe.ReceiveAll());
        Assert.Equal(3, _world.System.DeadLetterCount);
    }

    [Fact]
    public void A_full_mailbox_tells_the_sender_where_it_is_set_so()
    {
        var settings = MailboxSettings.Bounded(1, MailboxOverflow.TellSender);
        var actor = _world.ActorOf(Props.Create<EchoActor>().WithMailbox(settings));
        _probe.Send(actor, "first");
        _probe.Send(actor, "second");
        _probe.ExpectMsgAllOf("first", new MailboxFull("second", actor, 1));
        Assert.Equal(0, _world.System.DeadLetterCount);
    }

    [Fact]
    public void Context_and_sender_are_refused_outside_of_a_turn()
    {
        ScriptedActor? inside = null;
        _world.ActorOf(Props.Create(() => inside = new ScriptedActor()));
        var failure = Assert.Throws<InvalidOperationException>(() => inside!.Sender);
        Assert.Contains("PipeTo(Self)", failure.Message);
        Assert.Throws<InvalidOperationException>(() => inside!.Context);
        Assert.Throws<InvalidOperationException>(() => inside!.Timers);
    }

    [Fact]
    public void A_path_names_the_place_and_its_uid_tells_incarnations_apart()
    {
        var first = _world.ActorOf(Props.Create<EchoActor>(), "orders-0");
        Assert.Equal("akka://test/user/orders-0", first.Path.ToString());
        Assert.Equal(["user", "orders-0"], first.Path.Elements);
        Assert.Equal("orders-0", first.Path.Name);
        Assert.Equal(first.Path, first.Path);
        _world.System.Stop(first);
        _world.RunUntilIdle();
        var second = _world.ActorOf(Props.Create<EchoActor>(), "orders-0");
        Assert.NotEqual(first.Path, second.Path);
        Assert.NotSame(first, second);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a/b", "'/' at position 1")]
    [InlineData("$a", "kept for names given by the kernel")]
    public void A_bad_name_is_refused_with_the_reason(string name, string reason)
    {
        var failure = Assert.Throws<ArgumentException>(() => _world.System.ActorOf(Props.Create<EchoActor>(), name));
        Assert.Contains(reason, failure.Message);
    }

    [Fact]
    public void A_name_is_taken_while_its_bearer_lives()
    {
        _world.ActorOf(Props.Create<EchoActor>(), "one");
        var failure = Assert.Throws<InvalidOperationException>(
            () => _world.System.ActorOf(Props.Create<EchoActor>(), "one"));
        Assert.Contains("akka://test/user/one lives", failure.Message);
    }

    [Fact]
    public void An_unknown_dispatcher_is_refused_with_the_known_names()
    {
        // The deterministic dispatcher stands in for those that the settings name.
        var failure = Assert.Throws<ArgumentException>(
            () => _world.System.ActorOf(Props.Create<EchoActor>().WithDispatcher("disk")));
        Assert.Contains("no dispatcher 'disk'; known are: default", failure.Message);
    }

    [Fact]
    public void An_actor_made_by_new_is_refused_with_the_cure()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => new EchoActor());
        Assert.Contains("EchoActor was made by new. An actor is made by ActorOf", failure.Message);
    }
}
