namespace AkkaStream.Actors;

/// <summary>
/// What the kernel tells a cell about life and death. Runs before all user messages, even while those are held, in the
/// turn of the cell. Each object is sent once: it carries its own link in the queue.
/// </summary>
abstract class SystemMessage
{
    internal SystemMessage? Next;

    internal abstract void Run(ActorCell cell);

    /// <summary>In place of <see cref="Run"/> when the cell died before.</summary>
    internal virtual void RunAfterDeath(ActorCell cell)
    {
    }
}

/// <summary>Stop: children first, then the actor, then the news of it.</summary>
sealed class Terminate : SystemMessage
{
    internal override void Run(ActorCell cell) => cell.BeginStop();
}

/// <summary>From the parent, which has failed itself and waits for its own supervisor's verdict.</summary>
sealed class Suspend : SystemMessage
{
    internal override void Run(ActorCell cell) => cell.SuspendTree();
}

/// <summary>From the parent. After a failure: the verdict is to go on as if nothing had been.</summary>
sealed class Resume(bool afterFailure) : SystemMessage
{
    internal override void Run(ActorCell cell) => cell.ResumeTree(afterFailure);
}

/// <summary>From the parent: a new actor object takes the place of the broken one; mailbox and address stay.</summary>
sealed class Restart(Exception reason) : SystemMessage
{
    internal override void Run(ActorCell cell) => cell.BeginRestart(reason);
}

/// <summary>From a child that failed and now stands still.</summary>
sealed class Failed(ActorCell child, Exception reason, object? message) : SystemMessage
{
    public ActorCell Child => child;
    public Exception Reason => reason;

    /// <summary>What the child worked on; null when it failed in one of its life's steps.</summary>
    public object? Message => message;

    internal override void Run(ActorCell cell) => cell.JudgeChild(this);
}

/// <summary>From a child that has died and whose name is free again.</summary>
sealed class ChildTerminated(ActorCell child) : SystemMessage
{
    internal override void Run(ActorCell cell) => cell.ForgetChild(child);
}

/// <summary>From whoever wants to hear of the receiver's death.</summary>
sealed class Watch(ISystemReceiver watcher) : SystemMessage
{
    public ISystemReceiver Watcher => watcher;

    internal override void Run(ActorCell cell) => cell.AddWatcher(watcher);

    internal override void RunAfterDeath(ActorCell cell) => watcher.SendSystem(new WatchedTerminated(cell));
}

sealed class Unwatch(ISystemReceiver watcher) : SystemMessage
{
    internal override void Run(ActorCell cell) => cell.RemoveWatcher(watcher);
}

/// <summary>From a watched actor, after all that it ever told the watcher.</summary>
sealed class WatchedTerminated(IActorRef watched) : SystemMessage
{
    public IActorRef Watched => watched;

    internal override void Run(ActorCell cell) => cell.ReceiveWatchedTerminated(watched);
}
