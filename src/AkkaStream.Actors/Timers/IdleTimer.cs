namespace AkkaStream.Actors.Timers;

/// <summary>
/// Behind SetReceiveTimeout. A message only notes the time; the deadline is moved when it passes, so that a busy actor
/// does not set a timer for each message.
/// </summary>
sealed class IdleTimer(ActorCell cell, TimeSpan timeout) : TimerNode
{
    long _lastHeard;

    public bool IsIdle => Rest() <= TimeSpan.Zero;

    public void Start()
    {
        Touch();
        cell.System.Timers.Schedule(this, timeout);
    }

    public void WaitForRest() => cell.System.Timers.Schedule(this, Rest());

    public void Cancel() => cell.System.Timers.Cancel(this);

    /// <summary>The actor handled a message just now.</summary>
    public void Touch() => Volatile.Write(ref _lastHeard, cell.System.Time.GetTimestamp());

    protected internal override void OnDue()
    {
        if (IsIdle)
        {
            cell.Tell(ReceiveTimeout.Instance, null);
        }
        else
        {
            WaitForRest();
        }
    }

    TimeSpan Rest() => timeout - cell.System.Time.GetElapsedTime(Volatile.Read(in _lastHeard));
}
