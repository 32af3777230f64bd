using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;

namespace AkkaStream.TestKit.Actors;

/// <summary>
/// One thread, one queue, one seed: everything runnable of a whole actor system (or of several) waits here, and the seed
/// chooses who is next. A turn handles one message, so that the seed decides about each. Work of other kinds, such as a
/// simulated disk's completions, may be put into the same queue. Runs only while somebody calls Run; scheduling from
/// another thread at that time is a leak out of the simulation, and fails.
/// </summary>
public sealed class DeterministicDispatcher : Dispatcher
{
    readonly SeededRandom _random;
    readonly List<IThreadPoolWorkItem> _runnable = [];
    int _runningThread;

    /// <param name="seed">Chooses the order. 0 keeps the order in which work was scheduled.</param>
    public DeterministicDispatcher(long seed)
        : base(new DispatcherSettings { Name = "deterministic", Throughput = 1 })
    {
        Seed = seed;
        _random = new SeededRandom((ulong)seed);
    }

    public long Seed { get; }

    public bool IsIdle => _runnable.Count == 0;

    /// <summary>How many pieces of work have run.</summary>
    public long Steps { get; private set; }

    public override void Schedule(IThreadPoolWorkItem work)
    {
        if (_runningThread != 0 && _runningThread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                $"{work} was scheduled by another thread while the simulation runs: something got out of it.");
        }

        _runnable.Add(work);
    }

    /// <summary>Puts a piece of work among the rest.</summary>
    public void Schedule(Action work) => Schedule(new ActionWork(work));

    /// <summary>Runs one piece of work; false when there is none.</summary>
    public bool RunOne()
    {
        // A test framework's context would carry continuations to other threads, out of the simulation. It stays away,
        // because what the test itself completes or awaits next belongs to the simulation as well.
        SynchronizationContext.SetSynchronizationContext(null);
        if (_runnable.Count == 0) return false;
        var work = Take();
        var outer = _runningThread;
        _runningThread = Environment.CurrentManagedThreadId;
        try
        {
            Steps++;
            work.Execute();
        }
        finally
        {
            _runningThread = outer;
        }

        return true;
    }

    /// <summary>Runs until nothing is runnable. More steps than the limit are taken for an endless loop.</summary>
    public void RunUntilIdle(int limit = 5_000_000)
    {
        var left = limit;
        while (left-- > 0)
        {
            if (!RunOne()) return;
        }

        throw new TestFailedException(
            $"not idle after {limit} steps (seed {Seed}); runnable now: {string.Join(", ", _runnable.Take(5))}");
    }

    IThreadPoolWorkItem Take()
    {
        if (Seed == 0)
        {
            var first = _runnable[0];
            _runnable.RemoveAt(0);
            return first;
        }

        var index = _random.Next(_runnable.Count);
        var chosen = _runnable[index];
        _runnable[index] = _runnable[^1];
        _runnable.RemoveAt(_runnable.Count - 1);
        return chosen;
    }

    sealed class ActionWork(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();

        public override string ToString() => $"{work.Method.DeclaringType?.Name}.{work.Method.Name}";
    }
}
