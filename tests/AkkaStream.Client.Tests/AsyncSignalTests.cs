using AkkaStream.Client.Consuming;
using AkkaStream.TestKit;

namespace AkkaStream.Client.Tests;

public sealed class AsyncSignalTests
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1), Short = TimeSpan.FromSeconds(1);

    readonly ManualTime _time = new();
    readonly AsyncSignal _signal = new(TaskCreationOptions.None);

    // For one that is never woken.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    Task Wait(TimeSpan most, CancellationToken cancel = default) => _signal.WaitAsync(most, _time, cancel).AsTask();

    [Fact]
    public async Task A_wake_ends_the_wait()
    {
        var wait = Wait(Long);
        Assert.False(wait.IsCompleted);

        _signal.Set();

        await wait.WaitAsync(Patience);
    }

    [Fact]
    public void A_wake_that_comes_before_anybody_waits_is_kept_for_one_wait()
    {
        _signal.Set();
        _signal.Set();

        Assert.True(Wait(Long).IsCompletedSuccessfully);
        Assert.False(Wait(Long).IsCompleted);
    }

    [Fact]
    public async Task A_wake_after_a_wait_that_ran_out_is_kept_for_the_next_one()
    {
        var late = Wait(Short);
        _time.Advance(Short);
        await late.WaitAsync(Patience);

        _signal.Set();

        Assert.True(Wait(Long).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_wake_after_a_wait_that_was_cancelled_is_kept_for_the_next_one()
    {
        using var cancel = new CancellationTokenSource();
        var given = Wait(Long, cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(Patience));

        _signal.Set();

        Assert.True(Wait(Long).IsCompletedSuccessfully);
    }
}
