namespace AkkaStream.TestKit.Links;

/// <summary>
/// Moves a clock for code whose completions run inline: everything that can happen has happened when a call returns, so the next thing
/// to happen is the next timer. One thread does all, and the same seed gives the same run.
/// </summary>
public sealed class VirtualDriver(ManualTime time)
{
    const int MostSteps = 1_000_000;
    const int PatienceForPool = 10_000;

    public ManualTime Time => time;

    /// <summary>
    /// Continuations run inline only where no synchronization context asks for them. A test calls this before it makes what it drives.
    /// </summary>
    public static void LeaveSynchronizationContext() => SynchronizationContext.SetSynchronizationContext(null);

    /// <summary>Until the task is done; fails when nothing moves any more.</summary>
    public async Task Run(Task task)
    {
        LeaveSynchronizationContext();
        for (int step = 0; !task.IsCompleted; step++)
        {
            if (step > MostSteps) throw new TestFailedException("the task is not done although the clock was moved again and again");
            if (time.AdvanceToNextTimer(TimeSpan.FromDays(30))) continue;
            if (!await LetThePoolWork(task)) throw new TestFailedException("nothing moves any more: no timer is set, and the task is not done");
        }
        await task.ConfigureAwait(false);
    }

    public async Task<T> Run<T>(Task<T> task)
    {
        await Run((Task)task);
        return await task.ConfigureAwait(false);
    }

    public Task<T> Run<T>(ValueTask<T> task) => Run(task.AsTask());

    public Task Run(ValueTask task) => Run(task.AsTask());

    // Some of the runtime's own combinators finish on the pool.
    async Task<bool> LetThePoolWork(Task task)
    {
        for (int i = 0; i < PatienceForPool; i++)
        {
            await Task.Yield();
            if (task.IsCompleted || time.TimerCount > 0) return true;
        }
        return false;
    }

    /// <summary>Moves the clock by exactly so much, letting things happen on the way.</summary>
    public void Pass(TimeSpan span) => time.Advance(span);
}
