using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Timers;

namespace AkkaStream.Benchmarks.Actors;

/// <summary>What the kernel costs, beside what the bare mechanisms cost on a quiet machine of two cores.</summary>
static class ActorsBench
{
    const int Million = 1_000_000;

    static readonly DispatcherSettings[] Dispatchers =
    [
        new() { Name = "one", Threads = 1 },
        new() { Name = "two", Threads = 2 },
        DispatcherSettings.Inline("inline"),
    ];

    public static void Run(Bench bench)
    {
        MailboxBench.Run(bench);
        using var world = new World();
        Tells(bench, world.System);
        Asks(bench, world.System);
        Wheel(bench);
        Memory(bench);
    }

    static void Tells(Bench bench, ActorSystem system)
    {
        Bench.Title("Tell: one message from sender to handler");
        var one = Counter.Make(system, "one");
        bench.Measure("flood from outside, actor on its own thread", Million, one.Flood, "28.6 across two cores; <= 80");
        var many = Enumerable.Range(0, 100).Select(_ => Counter.Make(system, "two")).ToArray();
        bench.Measure("flood from outside to 100 actors, two threads", Million, n => Counter.FloodAll(many, n), "<= 80");
        var inside = Flooder.Make(system, "one");
        bench.Measure("flood from an actor on the same thread", Million, inside.Run, "14.5 on one core; <= 40");
        var ping = PingPong.Make(system, "one", "one");
        bench.Measure("ping-pong of two actors, one thread", Million, ping.Run, "<= 40");
        var pings = PingPong.Make(system, "two", "two");
        bench.Measure("ping-pong of two actors, pool of two threads", Million, pings.Run, "");
        var ring = Ring.Make(system, "two", 64);
        bench.Measure("64 balls around a ring of 64, two threads", Million, ring.Run, "");
        var inline = Counter.Make(system, "inline");
        bench.Measure("inline turn of an idle actor", Million, inline.TellEach, "< 100");
    }

    static void Asks(Bench bench, ActorSystem system)
    {
        Bench.Title("Ask: question and answer");
        var inline = system.ActorOf(Props.Create<Echo>().WithDispatcher("inline"));
        var question = new object();
        var timeout = TimeSpan.FromSeconds(5);
        bench.Measure("inline, answered within the tell", Million, n =>
        {
            for (var i = 0; i < n; i++) _ = inline.Ask<object>(question, timeout).Result;
        }, "200, 0 bytes; <= 400, 0 bytes");
        var asker = AskLoop.Make(system, "default");
        bench.Measure("awaited, asker and actor on one pool", Million, asker.Run, "200, 0 bytes; <= 400, 0 bytes");
        var apart = AskLoop.Make(system, "one");
        bench.Measure("awaited, from another thread", Million / 10, apart.Run, "480 when awaited");
    }

    static void Wheel(Bench bench)
    {
        Bench.Title("Timer wheel");
        using var wheel = new TimerWheel(TimeProvider.System);
        var nodes = Enumerable.Range(0, 10_000).Select(_ => new Silent()).ToArray();
        foreach (var node in nodes) wheel.Schedule(node, TimeSpan.FromSeconds(30));
        var hour = TimeSpan.FromHours(1);
        var one = new Silent();
        bench.Measure("set and take out, 10,000 others waiting", Million, n =>
        {
            for (var i = 0; i < n; i++)
            {
                wheel.Schedule(one, hour);
                wheel.Cancel(one);
            }
        });
        bench.Measure("move one of 10,000 deadlines", Million, n =>
        {
            for (var i = 0; i < n; i++) wheel.Schedule(nodes[i % nodes.Length], hour);
        });
    }

    static void Memory(Bench bench)
    {
        const int Actors = 20_000;
        Bench.Title("Memory");
        using var world = new World();
        var refs = new IActorRef[Actors];
        var props = Props.Create<Echo>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Actors; i++) refs[i] = world.System.ActorOf(props);
        foreach (var actor in refs) _ = actor.Ask<object>(new object(), TimeSpan.FromSeconds(5)).AsTask().Result;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        bench.Print("bytes an idle actor, with its name and its parent's entry", (double)(after - before) / Actors, "<= 300");
        GC.KeepAlive(refs);
    }

    sealed class World : IDisposable
    {
        public ActorSystem System { get; } =
            ActorSystem.Create("bench", new ActorSystemSettings { Dispatchers = Dispatchers });

        public void Dispose() => System.Terminate().Wait();
    }

    sealed class Silent : TimerNode
    {
        protected internal override void OnDue()
        {
        }
    }
}
