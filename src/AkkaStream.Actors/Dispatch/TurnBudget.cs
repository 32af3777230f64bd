namespace AkkaStream.Actors.Dispatch;

/// <summary>
/// What is left of a turn's share in messages and time. Reading the clock costs as much as handling a small message,
/// so it is read between every few messages, for the first time after the first few; on the thread of somebody else
/// (inline) between any two. A turn of one message never reads it.
/// </summary>
struct TurnBudget
{
    const int MessagesPerLook = 8;

    readonly TimeProvider _time;
    readonly TimeSpan _limit;
    readonly int _perLook;
    int _untilLook;
    long _started;
    bool _outOfTime;

    public TurnBudget(Dispatcher dispatcher, TimeProvider time)
    {
        _time = time;
        _limit = dispatcher.Settings.ThroughputDeadline;
        Messages = dispatcher.Settings.Throughput;
        _perLook = dispatcher.Settings.Kind == DispatcherKind.Inline ? 1 : MessagesPerLook;
        _untilLook = _perLook;
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
        _untilLook = _perLook;
        var now = _time.GetTimestamp();
        if (_started == 0)
        {
            _started = now == 0 ? 1 : now;
        }
        else
        {
            _outOfTime = _time.GetElapsedTime(_started, now) >= _limit;
        }
    }
}
