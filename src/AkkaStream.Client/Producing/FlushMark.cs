namespace AkkaStream.Client.Producing;

/// <summary>
/// Counts the batches that were begun between two flushes. A flush waits for the present mark and for all before it. Any thread.
/// </summary>
sealed class FlushMark(FlushMark? before, TaskCreationOptions completions)
{
    readonly TaskCompletionSource _done = new(completions);

    // One for being the present mark: it cannot be done while batches may still join.
    int _open = 1;

    public void Join() => Interlocked.Increment(ref _open);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0) _done.TrySetResult();
    }

    public Task Done => before is null || before._done.Task.IsCompleted && before.IsChainDone ? _done.Task : Task.WhenAll(before.Done, _done.Task);

    bool IsChainDone => _done.Task.IsCompleted && (before is null || before.IsChainDone);

    /// <summary>The next mark holds on to this one only while something of it is under way.</summary>
    public FlushMark Follow() => new(IsChainDone ? null : this, completions);
}
