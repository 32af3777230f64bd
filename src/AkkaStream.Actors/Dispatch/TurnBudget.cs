namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// What is left of a turn's share in messages and time. Reading the clock costs as much as handling a small message,
/// so it is read after 8 messages, then after 8 more, 16 more and so on while they are quick; on the thread of somebody
/// else (inline) between any two. A turn of one message never reads it.
/// </summary>
struct TurnBudget
{
    const int FirstLook = 8;

    readonly Dispatcher _dispatcher;
    readonly TimeProvider _time;
    int _untilLook;
    int _interval;
    long _started;
    bool _outOfTime;

    public TurnBudget(Dispatcher dispatcher, TimeProvider time)
    {
        _dispatcher = dispatcher;
        _time = time;
        Messages = dispatcher.Throughput;
        _untilLook = dispatcher.IsInline ? 1 : FirstLook;
        _interval = _untilLook;
    }

    /// <summary>How many messages may still run.</summary>
    public int Messages;

    public readonly bool IsSpent => Messages <= 0 || _outOfTime;

    public void UseOne()
    {
        Messages--;
        if (--_untilLook == 0) Look();
    }

    void Look()
    {
        var now = _time.GetTimestamp();
        if (_started == 0)
        {
            _started = now == 0 ? 1 : now;
        }
        else
        {
            var elapsed = _time.GetElapsedTime(_started, now);
            _outOfTime = elapsed >= _dispatcher.Deadline;
            if (!_dispatcher.IsInline && elapsed < _dispatcher.Deadline / 8) _interval *= 2;
        }

        _untilLook = _interval;
    }
}
