namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// Runs an idle actor on the thread that tells it (<see cref="InlineTurns"/>). What comes here is the rest: births,
/// system messages, what a spent share left over, and tells from within an inline turn, which wait until that is over.
/// </summary>
sealed class InlineDispatcher(DispatcherSettings settings, Dispatcher backing) : Dispatcher(settings)
{
    public Dispatcher Backing => backing;

    public override void Schedule(IThreadPoolWorkItem work)
    {
        if (work is not ActorCell cell || !InlineTurns.TryPostpone(cell)) backing.Schedule(work);
    }
}
