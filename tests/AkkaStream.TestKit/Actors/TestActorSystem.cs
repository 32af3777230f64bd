using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;

namespace AkkaStream.TestKit.Actors;

/// <summary>
/// An actor system in which only the test makes anything happen: virtual time, one thread, an order chosen by a seed.
/// Every dispatcher name leads to the same deterministic dispatcher, inline ones too.
/// </summary>
public sealed class TestActorSystem : IDisposable
{
    int _probes;

    /// <param name="seed">Chooses the order of turns; 0 keeps it as scheduled.</param>
    /// <param name="settings">Settings of the system under test.</param>
    /// <param name="time">A clock that is shared with other parts of a simulation.</param>
    /// <param name="dispatcher">A dispatcher that is shared with other systems of a simulation.</param>
    public TestActorSystem(
        long seed = 0, ActorSystemSettings? settings = null, ManualTime? time = null,
        DeterministicDispatcher? dispatcher = null)
    {
        Time = time ?? new ManualTime();
        Dispatcher = dispatcher ?? new DeterministicDispatcher(seed);
        Log = new RecordedLog();
        settings ??= new ActorSystemSettings();
        if (settings.Seed == 0) settings = settings with { Seed = seed == 0 ? 1 : seed };
        System = ActorSystem.Create("test", settings, new ActorSystemSeams
        {
            Time = Time,
            Loggers = Log,
            Dispatchers = _ => Dispatcher,
        });
        RunUntilIdle();
    }

    public ActorSystem System { get; }

    public ManualTime Time { get; }

    public DeterministicDispatcher Dispatcher { get; }

    public RecordedLog Log { get; }

    /// <summary>Makes an actor and lets it begin its life.</summary>
    public IActorRef ActorOf(Props props, string? name = null)
    {
        var actor = System.ActorOf(props, name);
        RunUntilIdle();
        return actor;
    }

    public TestProbe CreateProbe(string? name = null) => new(this, name ?? $"probe-{++_probes}");

    /// <summary>Lets all actors run until nobody has a message. The clock stands still.</summary>
    public void RunUntilIdle() => Dispatcher.RunUntilIdle();

    /// <summary>Moves the clock, stopping at each timer on the way to let the actors run.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Time.Elapsed + by;
        RunUntilIdle();
        while (Time.AdvanceToNextTimer(end - Time.Elapsed)) RunUntilIdle();
        Time.Advance(end - Time.Elapsed);
        RunUntilIdle();
    }

    /// <summary>Lets actors run and time pass until the condition holds; false if it does not within this time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        var end = Time.Elapsed + within;
        RunUntilIdle();
        while (!condition())
        {
            if (!Time.AdvanceToNextTimer(end - Time.Elapsed))
            {
                Time.Advance(end - Time.Elapsed);
                RunUntilIdle();
                return condition();
            }

            RunUntilIdle();
        }

        return true;
    }

    /// <summary>Lets actors run and time pass until the assertion no longer throws; at the end it throws its own.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? within = null)
    {
        Exception? last = null;
        var held = RunUntil(() => (last = Try(assertion)) is null, within ?? TestProbe.DefaultTimeout);
        if (!held) throw new TestFailedException($"did not come true (seed {Dispatcher.Seed}): {last?.Message}", last);
    }

    /// <summary>Lets actors run and time pass until the task is done, and hands out its result.</summary>
    public T Await<T>(ValueTask<T> task, TimeSpan? within = null)
    {
        var running = task.AsTask();
        Await((Task)running, within);
        return running.GetAwaiter().GetResult();
    }

    public void Await(Task task, TimeSpan? within = null)
    {
        var limit = within ?? TestProbe.DefaultTimeout;
        if (!RunUntil(() => task.IsCompleted, limit))
        {
            throw new TestFailedException($"the task was not done within {limit} (seed {Dispatcher.Seed})");
        }

        task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        if (!System.WhenTerminated.IsCompleted)
        {
            System.Terminate();
            RunUntilIdle();
        }
    }

    static Exception? Try(Action assertion)
    {
        try
        {
            assertion();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}
