using AkkaStream.Actors;

namespace AkkaStream.TestKit.Actors;

/// <summary>
/// An actor that the test holds in its hand: it keeps what it is told, and the test asks for it in order. All times are
/// virtual: expecting a message lets actors run and the clock go on until it is there, expecting none lets the whole
/// time pass.
/// </summary>
public sealed class TestProbe
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(3);

    readonly TestActorSystem _world;
    readonly Queue<(object Message, IActorRef Sender)> _received = new();
    readonly Queue<Action<ActorContext>> _orders = new();
    TimeSpan? _end;

    internal TestProbe(TestActorSystem world, string name)
    {
        _world = world;
        Ref = world.ActorOf(Props.Create(() => new ProbeActor(this)), name);
    }

    public IActorRef Ref { get; }

    /// <summary>Who sent the message that was expected last.</summary>
    public IActorRef LastSender { get; private set; } = null!;

    /// <summary>How many messages have arrived and were not asked for yet.</summary>
    public int Waiting => _received.Count;

    /// <summary>Tells with the probe as the sender.</summary>
    public void Send(IActorRef to, object message) => to.Tell(message, Ref);

    /// <summary>Answers the message that was expected last.</summary>
    public void Reply(object message) => LastSender.Tell(message, Ref);

    public void Watch(IActorRef actor) => InTurn(context => context.Watch(actor));

    public void Unwatch(IActorRef actor) => InTurn(context => context.Unwatch(actor));

    /// <summary>The next message, which must be a <typeparamref name="T"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? within = null)
    {
        var message = Next(typeof(T).Name, within);
        return message is T expected ? expected : throw Unexpected(typeof(T).Name, message);
    }

    /// <summary>The next message, which must equal this one.</summary>
    public T ExpectMsg<T>(T expected, TimeSpan? within = null) where T : notnull
    {
        var message = Next($"{expected}", within);
        return expected.Equals(message) ? expected : throw Unexpected($"{expected}", message);
    }

    /// <summary>The next message, which must be a <typeparamref name="T"/> that fulfils the condition.</summary>
    public T ExpectMsg<T>(Predicate<T> condition, TimeSpan? within = null)
    {
        var message = ExpectMsg<T>(within);
        return condition(message) ? message : throw Unexpected($"{typeof(T).Name} with a condition", message!);
    }

    /// <summary>These messages, in any order.</summary>
    public void ExpectMsgAllOf(params object[] expected)
    {
        var left = expected.ToList();
        while (left.Count > 0)
        {
            var message = Next($"one of {string.Join(", ", left)}", null);
            if (!left.Remove(message)) throw Unexpected($"one of {string.Join(", ", left)}", message);
        }
    }

    public IReadOnlyList<object> ReceiveN(int count, TimeSpan? within = null)
    {
        var end = EndOf(within);
        return [.. Enumerable.Range(1, count).Select(i => Next($"message {i} of {count}", end - _world.Time.Elapsed))];
    }

    /// <summary>Everything that has arrived, after letting the actors run. The clock stands still.</summary>
    public IReadOnlyList<object> ReceiveAll()
    {
        _world.RunUntilIdle();
        var all = _received.Select(entry => entry.Message).ToArray();
        _received.Clear();
        return all;
    }

    /// <summary>Lets the time pass; nothing may arrive meanwhile.</summary>
    public void ExpectNoMsg(TimeSpan? during = null)
    {
        var time = during ?? TimeSpan.FromMilliseconds(100);
        _world.Advance(time);
        if (_received.Count > 0)
        {
            throw new TestFailedException($"{Ref}: no message was expected for {time}, but there is {Received()}{Seed}");
        }
    }

    public Terminated ExpectTerminated(IActorRef actor, TimeSpan? within = null) =>
        ExpectMsg<Terminated>(terminated => terminated.ActorRef.Equals(actor), within);

    /// <summary>Throws messages away until one is a <typeparamref name="T"/> that fulfils the condition.</summary>
    public T FishForMessage<T>(Predicate<T>? condition = null, TimeSpan? within = null)
    {
        var end = EndOf(within);
        while (true)
        {
            var message = Next($"fishing for {typeof(T).Name}", end - _world.Time.Elapsed);
            if (message is T caught && (condition is null || condition(caught))) return caught;
        }
    }

    /// <summary>All that is expected inside must have come when this much time has passed.</summary>
    public void Within(TimeSpan max, Action body)
    {
        var outer = _end;
        var started = _world.Time.Elapsed;
        _end = started + max;
        try
        {
            body();
        }
        finally
        {
            _end = outer;
        }

        var took = _world.Time.Elapsed - started;
        if (took > max) throw new TestFailedException($"{Ref}: took {took} instead of at most {max}{Seed}");
    }

    public void AwaitAssert(Action assertion, TimeSpan? within = null) =>
        _world.AwaitAssert(assertion, EndOf(within) - _world.Time.Elapsed);

    string Seed => $" (seed {_world.Dispatcher.Seed}, time {_world.Time.Elapsed})";

    TimeSpan EndOf(TimeSpan? within) => within is { } given
        ? _world.Time.Elapsed + given
        : _end ?? _world.Time.Elapsed + DefaultTimeout;

    object Next(string awaited, TimeSpan? within)
    {
        var rest = EndOf(within) - _world.Time.Elapsed;
        if (rest < TimeSpan.Zero) rest = TimeSpan.Zero;
        if (!_world.RunUntil(() => _received.Count > 0, rest))
        {
            throw new TestFailedException($"{Ref}: {awaited} did not come within {rest}{Seed}");
        }

        (var message, LastSender) = _received.Dequeue();
        return message;
    }

    TestFailedException Unexpected(string expected, object message) => new(
        $"{Ref}: expected {expected}, but got {message} from {LastSender}, and behind it {Received()}{Seed}");

    string Received() => _received.Count == 0
        ? "nothing"
        : string.Join(", ", _received.Take(5).Select(entry => $"{entry.Message} from {entry.Sender}"));

    void InTurn(Action<ActorContext> order)
    {
        _orders.Enqueue(order);
        Ref.Tell(OrderWaits.Instance, null);
        _world.RunUntilIdle();
    }

    sealed class OrderWaits
    {
        public static readonly OrderWaits Instance = new();
    }

    sealed class ProbeActor(TestProbe probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is OrderWaits)
            {
                probe._orders.Dequeue()(Context);
            }
            else
            {
                probe._received.Enqueue((message, Sender));
            }
        }
    }
}
