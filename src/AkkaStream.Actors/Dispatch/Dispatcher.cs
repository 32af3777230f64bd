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
    }

    public DispatcherSettings Settings { get; }

    public string Name => Settings.Name;

    /// <summary>Set while work waits that no sleeping thread was woken for, because the scheduling thread would come
    /// to it next. A turn that goes on to another message then calls <see cref="WakeUp"/>.</summary>
    internal volatile bool OwesAWakeUp;

    /// <summary>On any thread.</summary>
    public abstract void Schedule(IThreadPoolWorkItem work);

    /// <summary>Lets what is scheduled run to its end and then ends the threads. Does not wait for them.</summary>
    public virtual void Shutdown()
    {
    }

    internal virtual void WakeUp()
    {
    }
}
