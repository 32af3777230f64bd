namespace AkkaStream.Actors;

/// <summary>
/// The polite way to end a node: named phases one after the other, the tasks of a phase side by side, each phase with
/// its time-out. Rooms add their tasks while they start. Runs once; whoever asks later gets the same run, and the first
/// reason stands. Called on any thread.
/// </summary>
public sealed class CoordinatedShutdown
{
    readonly ActorSystem _system;
    readonly IReadOnlyList<ShutdownPhase> _order;
    readonly Dictionary<string, List<ShutdownTask>> _tasks = [];
    readonly Lock _gate = new();
    readonly TaskCompletionSource _done = new();
    string? _reason;

    internal CoordinatedShutdown(ActorSystem system, IReadOnlyList<ShutdownPhase> phases)
    {
        _system = system;
        _order = ShutdownPhase.InOrder(phases);
        foreach (var phase in _order) _tasks.Add(phase.Name, []);
        AddTask(ShutdownPhase.ActorSystemTerminate, "terminate-system", async _ => await system.Terminate());
    }

    /// <summary>Why the node is shutting down; null while it is not.</summary>
    public string? Reason
    {
        get
        {
            lock (_gate) return _reason;
        }
    }

    /// <summary>The phases in the order in which they run.</summary>
    public IReadOnlyList<string> Phases => [.. _order.Select(phase => phase.Name)];

    /// <summary>Adds to a phase. Of a phase that has begun already it is too late to be part.</summary>
    public void AddTask(string phase, string name, Func<CancellationToken, ValueTask> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                throw new ArgumentException(
                    $"There is no shutdown phase '{phase}'; known are: {string.Join(", ", Phases)}.", nameof(phase));
            }

            tasks.Add(new ShutdownTask(name, run));
        }
    }

    /// <summary>
    /// Runs all phases. The task fails only when a phase failed that may not (<see cref="ShutdownPhase.Recover"/>).
    /// </summary>
    public Task Run(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        lock (_gate)
        {
            if (_reason is not null) return _done.Task;
            _reason = reason;
        }

        _system.Trace.ShutdownBegins(reason);
        _ = RunPhases();
        return _done.Task;
    }

    async Task RunPhases()
    {
        try
        {
            foreach (var phase in _order) await RunPhase(phase).ConfigureAwait(false);
            _done.TrySetResult();
        }
        catch (Exception failure)
        {
            _done.TrySetException(failure);
        }
    }

    async Task RunPhase(ShutdownPhase phase)
    {
        ShutdownTask[] tasks;
        lock (_gate) tasks = [.. _tasks[phase.Name]];
        if (tasks.Length == 0) return;
        _system.Trace.ShutdownPhase(phase.Name, tasks.Length);
        using var cancellation = new CancellationTokenSource();
        var running = Array.ConvertAll(tasks, task => RunTask(phase, task, cancellation.Token));
        try
        {
            await Task.WhenAll(running).WaitAsync(phase.Timeout, _system.Time, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (TimeoutException) when (running.Any(task => !task.IsCompleted))
        {
            var late = string.Join(", ", tasks.Where((_, i) => !running[i].IsCompleted).Select(task => task.Name));
            await cancellation.CancelAsync().ConfigureAwait(false);
            if (!phase.Recover)
            {
                throw new ShutdownPhaseException(
                    $"shutdown phase {phase.Name}: {late} not done within {phase.Timeout}", null);
            }

            _system.Trace.ShutdownTimedOut(phase.Name, late, phase.Timeout.TotalMilliseconds);
        }
    }

    async Task RunTask(ShutdownPhase phase, ShutdownTask task, CancellationToken cancellation)
    {
        try
        {
            await task.Run(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (phase.Recover)
        {
            _system.Trace.ShutdownTaskFailed(phase.Name, task.Name, failure);
        }
        catch (Exception failure)
        {
            throw new ShutdownPhaseException($"shutdown phase {phase.Name}: task {task.Name} failed", failure);
        }
    }

    sealed record ShutdownTask(string Name, Func<CancellationToken, ValueTask> Run);
}
