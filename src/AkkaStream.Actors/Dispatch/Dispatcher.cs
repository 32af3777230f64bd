namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// The dispatcher seam: on which thread, and in which order, work runs. What is scheduled is an actor's turn, or the
/// continuation of an ask; it runs once, and never inside the call that schedules it. The simulator and the tests put
/// a dispatcher of their own in the place of all others (<see cref="ActorSystemSeams.Dispatchers"/>).
/// </summary>
public abstract class Dispatcher
{
    protected Dispatcher(DispatcherSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        Settings = settings;
        Throughput = settings.Throughput;
        Deadline = settings.ThroughputDeadline;
        IsInline = settings.Kind == DispatcherKind.Inline;
    }

    public DispatcherSettings Settings { get; }

    public string Name => Settings.Name;

    // Read at every turn.
    internal int Throughput { get; }

    internal TimeSpan Deadline { get; }

    internal bool IsInline { get; }

    /// <summary>On any thread.</summary>
    public abstract void Schedule(IThreadPoolWorkItem work);

    /// <summary>Lets what is scheduled run to its end and then ends the threads. Does not wait for them.</summary>
    public virtual void Shutdown()
    {
    }
}
