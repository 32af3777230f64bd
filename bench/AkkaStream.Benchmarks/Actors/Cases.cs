using AkkaStream.Actors;

namespace AkkaStream.Benchmarks.Actors;

/// <summary>Counts messages, and lets the teller wait until all have been handled.</summary>
sealed class Counter : UntypedActor
{
    static readonly object Message = new();

    readonly ManualResetEventSlim _done = new();
    IActorRef? _self;
    int _left;

    public static Counter Make(ActorSystem system, string dispatcher)
    {
        var counter = default(Counter);
        var made = new ManualResetEventSlim();
        var actor = system.ActorOf(Props.Create(() =>
        {
            counter = new Counter();
            made.Set();
            return counter;
        }).WithDispatcher(dispatcher));
        made.Wait();
        counter!._self = actor;
        return counter;
    }

    public void Flood(int messages)
    {
        _done.Reset();
        Volatile.Write(ref _left, messages);

        // Read once: the actor counts beside it, and the two processors would pass the line to and fro at each message.
        var self = _self;
        for (var i = 0; i < messages; i++) self?.Tell(Message, null);
        _done.Wait();
    }

    public void TellEach(int messages)
    {
        Volatile.Write(ref _left, int.MaxValue);
        for (var i = 0; i < messages; i++) _self?.Tell(Message, null);
    }

    public static void FloodAll(Counter[] counters, int messages)
    {
        var each = messages / counters.Length;
        foreach (var counter in counters)
        {
            counter._done.Reset();
            Volatile.Write(ref counter._left, each);
        }

        var actors = Array.ConvertAll(counters, counter => counter._self);
        for (var i = 0; i < each; i++)
        {
            foreach (var actor in actors) actor?.Tell(Message, null);
        }

        foreach (var counter in counters) counter._done.Wait();
    }

    protected override void OnReceive(object message)
    {
        if (--_left == 0) _done.Set();
    }
}

/// <summary>Tells another actor of the same thread, in bursts that fit a turn.</summary>
sealed class Flooder : UntypedActor
{
    const int Burst = 1_000;
    static readonly object Message = new();
    static readonly object Next = new();

    readonly IActorRef _sink;
    Runner.Start? _start;
    int _left;

    Flooder() => _sink = Context.ActorOf(Props.Create<Sink>().WithDispatcher(Context.Props.Dispatcher));

    public static Runner Make(ActorSystem system, string dispatcher) => Runner.Make(system, dispatcher, () => new Flooder());

    protected override void OnReceive(object message)
    {
        if (message is Runner.Start start) (_left, _start) = (start.Operations, start);
        for (var i = 0; i < Burst && _left > 0; i++, _left--) _sink.Tell(Message, null);
        if (_left > 0) Self.Tell(Next, null);
        else _sink.Tell(_start!, null);
    }

    sealed class Sink : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Runner.Start start) start.Done.Set();
        }
    }
}

/// <summary>Two actors that answer each other.</summary>
sealed class PingPong : UntypedActor
{
    static readonly object Ball = new();

    readonly IActorRef _other;
    Runner.Start? _start;
    int _left;

    PingPong(string otherDispatcher) =>
        _other = Context.ActorOf(Props.Create<Echo>().WithDispatcher(otherDispatcher));

    public static Runner Make(ActorSystem system, string dispatcher, string other) =>
        Runner.Make(system, dispatcher, () => new PingPong(other));

    protected override void OnReceive(object message)
    {
        if (message is Runner.Start start) (_left, _start) = (start.Operations / 2, start);
        if (_left-- > 0) _other.Tell(Ball, Self);
        else _start?.Done.Set();
    }
}

/// <summary>Actors in a ring that pass balls on.</summary>
sealed class Ring : UntypedActor
{
    readonly IActorRef? _next;
    readonly Ring? _first;
    IActorRef? _closing;
    Runner.Start? _start;
    int _left;

    Ring(int rest, Ring? first)
    {
        _first = first;
        var self = this;
        if (rest > 0)
        {
            _next = Context.ActorOf(
                Props.Create(() => new Ring(rest - 1, first ?? self)).WithDispatcher(Context.Props.Dispatcher));
        }
        else
        {
            _next = first!.Self;
        }
    }

    public static Runner Make(ActorSystem system, string dispatcher, int size) =>
        Runner.Make(system, dispatcher, () => new Ring(size - 1, null));

    protected override void OnReceive(object message)
    {
        _closing ??= _next;
        if (message is Runner.Start start)
        {
            (_left, _start) = (start.Operations / 64, start);
            for (var ball = 0; ball < 64; ball++) _closing!.Tell(this, null);
            return;
        }

        if (_first is null && --_left <= 0)
        {
            if (_left == -63) _start?.Done.Set();
            return;
        }

        _closing!.Tell(message, null);
    }
}

/// <summary>Answers each message with itself.</summary>
sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message) => Reply(message);
}

/// <summary>Asks one question after the other, each when the last was answered.</summary>
sealed class AskLoop
{
    static readonly object Question = new();
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly ActorSystem _system;
    readonly IActorRef _echo;

    AskLoop(ActorSystem system, string dispatcher)
    {
        _system = system;
        _echo = system.ActorOf(Props.Create<Echo>().WithDispatcher(dispatcher));
    }

    public static AskLoop Make(ActorSystem system, string dispatcher) => new(system, dispatcher);

    public void Run(int questions) => RunAsync(questions).Wait();

    async Task RunAsync(int questions)
    {
        for (var i = 0; i < questions; i++) await _echo.Ask<object>(Question, Patience).ConfigureAwait(false);
        GC.KeepAlive(_system);
    }
}

/// <summary>Starts a case that runs inside actors and waits for its end.</summary>
sealed class Runner(IActorRef actor)
{
    public static Runner Make(ActorSystem system, string dispatcher, Func<Actor> make) =>
        new(system.ActorOf(Props.Create(make).WithDispatcher(dispatcher)));

    public void Run(int operations)
    {
        var start = new Start(operations);
        actor.Tell(start, null);
        start.Done.Wait();
    }

    public sealed record Start(int Operations)
    {
        public ManualResetEventSlim Done { get; } = new();
    }
}
