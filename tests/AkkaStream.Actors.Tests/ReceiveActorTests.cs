using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class ReceiveActorTests : IDisposable
{
    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;

    public ReceiveActorTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_message_goes_to_the_first_handler_of_its_type_whose_condition_holds()
    {
        var actor = _world.ActorOf(Props.Create(() => new Sorting()));
        foreach (object message in new object[] { 5, 50, "text", 1.5, 'c' }) _probe.Send(actor, message);
        Assert.Equal(["small 5", "int 50", "string text", "other 1.5", "other c"], _probe.ReceiveAll());
    }

    [Fact]
    public void Subtypes_and_interfaces_match_the_handler_of_their_parent()
    {
        var actor = _world.ActorOf(Props.Create(() => new ByParent()));
        _probe.Send(actor, new ArgumentNullException("a"));
        _probe.Send(actor, new List<int> { 1 });
        _probe.Send(actor, new[] { "x" });
        Assert.Equal(["exception", "collection", "objects"], _probe.ReceiveAll());
    }

    [Fact]
    public void Become_changes_the_handlers_from_the_next_message_on_and_unbecome_goes_back()
    {
        var actor = _world.ActorOf(Props.Create(() => new Switching()));
        foreach (var message in new[] { "hi", "sleep", "hi", "dream", "hi", "wake", "hi", "wake", "hi" })
        {
            _probe.Send(actor, message);
        }

        Assert.Equal(["awake hi", "asleep hi", "dreaming hi", "asleep hi", "awake hi"], _probe.ReceiveAll());
    }

    [Fact]
    public void A_message_that_nobody_handles_is_published_as_unhandled()
    {
        _world.System.EventStream.Subscribe<UnhandledMessage>(_probe.Ref);
        var actor = _world.ActorOf(Props.Create(() => new Switching()));
        _probe.Send(actor, 42);
        Assert.Equal(new UnhandledMessage(42, _probe.Ref, actor), _probe.ExpectMsg<UnhandledMessage>());
    }

    [Fact]
    public void A_handler_behind_receive_any_is_refused()
    {
        _world.ActorOf(Props.Create(() => new Unreachable()));
        var line = Assert.Single(_world.Log.Lines, line => line.EventId == 1000);
        Assert.Contains("Receive<String> stands behind ReceiveAny", line.Text);
    }

    [Fact]
    public void Handlers_are_not_added_while_a_message_is_handled()
    {
        var actor = _world.ActorOf(Props.Create(() => new TooLate()));
        actor.Tell("now", null);
        _world.RunUntilIdle();
        var line = Assert.Single(_world.Log.Lines, line => line.EventId == 1000);
        Assert.Contains("not while a message is handled", line.Text);
    }

    sealed class Sorting : ReceiveActor
    {
        public Sorting()
        {
            Receive<int>(m => Reply($"small {m}"), m => m < 10);
            Receive<int>(m => Reply($"int {m}"));
            Receive<string>(m => Reply($"string {m}"));
            ReceiveAny(m => Reply(FormattableString.Invariant($"other {m}")));
        }
    }

    sealed class ByParent : ReceiveActor
    {
        public ByParent()
        {
            Receive<ArgumentException>(_ => Reply("exception"));
            Receive<object[]>(_ => Reply("objects"));
            Receive<ICollection<int>>(_ => Reply("collection"));
        }
    }

    sealed class Switching : ReceiveActor
    {
        public Switching()
        {
            Receive<string>(m => Reply($"awake {m}"), m => m == "hi");
            Receive<string>(_ => BecomeStacked(Asleep));
        }

        void Asleep()
        {
            Receive<string>(m => Reply($"asleep {m}"), m => m == "hi");
            Receive<string>(_ => BecomeStacked(Dreaming), m => m == "dream");
            Receive<string>(_ => UnbecomeStacked());
        }

        void Dreaming()
        {
            Receive<string>(m => Reply($"dreaming {m}"), m => m == "hi");
            Receive<string>(_ => UnbecomeStacked());
        }
    }

    sealed class Unreachable : ReceiveActor
    {
        public Unreachable()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }

    sealed class TooLate : ReceiveActor
    {
        public TooLate() => Receive<string>(_ => Receive<int>(_ => { }));
    }
}
