namespace AkkaStream.Net;

/// <summary>Something to be done on a loop's thread; the object itself is the queue's node, so posting allocates nothing.</summary>
public abstract class LoopWork
{
    internal LoopWork? NextWork;

    /// <summary>On the loop's thread. Between posting and this call the object must not be posted again.</summary>
    protected internal abstract void RunOnLoop();
}
