namespace AkkaStream.Actors.Timers;

/// <summary>
/// The timers of one actor, each under a key; setting a key again replaces its timer. They tell the actor itself, end
/// with it at stop and restart, and a message of a timer that was cancelled or replaced never arrives, even if it
/// waited in the mailbox already. A repeated timer has at most one message waiting: a slow actor skips beats and is not
/// flooded. Used in the actor's turns only.
/// </summary>
public sealed class ActorTimers
{
    readonly ActorCell _cell;
    readonly Dictionary<object, ActorTimer> _byKey = [];

    internal ActorTimers(ActorCell cell) => _cell = cell;

    public int Count => _byKey.Count;

    /// <summary>Tells the message once, after the delay.</summary>
    public void StartSingleTimer(object key, object message, TimeSpan delay) =>
        Start(key, message, delay, TimeSpan.Zero, TimerRepeat.Never);

    /// <summary>Tells the message again and again, the interval lying between the handling of one and the next.</summary>
    public void StartPeriodicTimer(object key, object message, TimeSpan interval) =>
        Start(key, message, interval, Positive(interval), TimerRepeat.FixedDelay);

    public void StartPeriodicTimer(object key, object message, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, message, initialDelay, Positive(interval), TimerRepeat.FixedDelay);

    /// <summary>
    /// Tells the message at whole multiples of the interval. Beats that pass while one is waiting are left out.
    /// </summary>
    public void StartTimerAtFixedRate(object key, object message, TimeSpan interval) =>
        Start(key, message, interval, Positive(interval), TimerRepeat.FixedRate);

    public void StartTimerAtFixedRate(object key, object message, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, message, initialDelay, Positive(interval), TimerRepeat.FixedRate);

    public bool IsTimerActive(object key) => _byKey.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_byKey.Remove(key, out var timer)) timer.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _byKey.Values) timer.Cancel();
        _byKey.Clear();
    }

    /// <summary>The message to deliver for a beat that came to the front of the mailbox; null if it is void.</summary>
    internal object? Take(ActorTimer timer)
    {
        if (_byKey.GetValueOrDefault(timer.Key) != timer) return null;
        if (timer.Repeat == TimerRepeat.Never)
        {
            _byKey.Remove(timer.Key);
        }
        else if (timer.Repeat == TimerRepeat.FixedRate)
        {
            timer.SetNextBeat();
        }

        return timer.Message;
    }

    /// <summary>The message was handled; if the timer is still wanted, it is set again.</summary>
    internal void AfterHandling(ActorTimer timer)
    {
        if (timer.Repeat == TimerRepeat.FixedDelay && _byKey.GetValueOrDefault(timer.Key) == timer
            && timer.IsAtRest)
        {
            timer.SetAgain();
        }
    }

    void Start(object key, object message, TimeSpan delay, TimeSpan interval, TimerRepeat repeat)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        if (_byKey.TryGetValue(key, out var before))
        {
            // A timer whose message is on its way cannot be used again: that message would count as the new one's.
            if (before.Cancel())
            {
                before.Start(message, delay, interval, repeat);
                return;
            }

            _byKey.Remove(key);
        }

        var timer = new ActorTimer(_cell, key);
        _byKey.Add(key, timer);
        timer.Start(message, delay, interval, repeat);
    }

    static TimeSpan Positive(TimeSpan interval) => interval > TimeSpan.Zero
        ? interval
        : throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval must be above zero.");
}

enum TimerRepeat : byte
{
    Never,
    FixedDelay,
    FixedRate,
}
