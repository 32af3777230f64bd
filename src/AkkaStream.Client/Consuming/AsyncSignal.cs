namespace AkkaStream.Client.Consuming;

/// <summary>One waits, any may wake it; a wake that comes early is kept. Any thread.</summary>
sealed class AsyncSignal(TaskCreationOptions completions)
{
    readonly Lock _lock = new();
    TaskCompletionSource? _waiter;
    bool _set;

    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            waiter = _waiter;
            _waiter = null;
            if (waiter is null) _set = true;
        }
        waiter?.TrySetResult();
    }

    /// <summary>Waits for the next wake, but not longer than so long.</summary>
    public async ValueTask WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancel)
    {
        Task task;
        lock (_lock)
        {
            if (_set)
            {
                _set = false;
                return;
            }
            _waiter = new TaskCompletionSource(completions);
            task = _waiter.Task;
        }
        // The runtime's timers count milliseconds: less than one would be none, and no wait at all.
        if (most < TimeSpan.FromMilliseconds(1)) most = TimeSpan.FromMilliseconds(1);
        try
        {
            await task.WaitAsync(most, time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The time is over, which is no failure here.
        }
        finally
        {
            Forget(task);
        }
    }

    // A wake for who has gone away already would be lost for the next who waits.
    void Forget(Task task)
    {
        lock (_lock)
        {
            if (_waiter?.Task == task) _waiter = null;
        }
    }
}
