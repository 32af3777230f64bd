using AkkaStream.Client.Settings;

namespace AkkaStream.Client.Groups;

/// <summary>Whether the application still polls, as max.poll.interval.ms asks of it. Any thread.</summary>
sealed class PollClock(ConsumerSettings settings)
{
    long _last = settings.Client.Time.GetTimestamp();
    int _polling;

    public void OnPoll() => Volatile.Write(ref _last, settings.Client.Time.GetTimestamp());

    /// <summary>While a poll waits the application is alive, however long that takes.</summary>
    public void Enter() => Interlocked.Increment(ref _polling);

    public void Leave()
    {
        OnPoll();
        Interlocked.Decrement(ref _polling);
    }

    public bool HasStopped =>
        Volatile.Read(ref _polling) == 0 && settings.Client.Time.GetElapsedTime(Volatile.Read(ref _last)) > settings.MaxPollInterval;

    public string Cause => $"consumer poll timeout has expired (max.poll.interval.ms is {settings.MaxPollInterval.TotalMilliseconds:0})";
}
