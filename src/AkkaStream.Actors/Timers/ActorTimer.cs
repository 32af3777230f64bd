namespace AkkaStream.Actors.Timers;

/// <summary>One keyed timer. Set, cancelled and asked in the actor's turns; only the beat comes from the wheel.</summary>
sealed class ActorTimer(ActorCell cell, object key) : TimerNode
{
    TimerBeat? _beat;
    object? _message;
    TimeSpan _interval;
    long _nextBeat;

    public object Key => key;

    public object Message => _message ?? throw new InvalidOperationException("a timer is asked after it was started");

    public TimerRepeat Repeat { get; private set; }

    /// <summary>Neither waiting in the wheel nor on its way.</summary>
    public bool IsAtRest { get; private set; }

    public void Start(object message, TimeSpan delay, TimeSpan interval, TimerRepeat repeat)
    {
        _message = message;
        _interval = interval;
        Repeat = repeat;
        if (repeat == TimerRepeat.FixedRate) _nextBeat = Now() + Math.Max(0, delay.Ticks);
        Set(delay);
    }

    /// <summary>False when the beat is on its way and will have to be ignored.</summary>
    public bool Cancel() => cell.System.Timers.Cancel(this) || IsAtRest;

    public void SetAgain() => Set(_interval);

    /// <summary>On the grid that began with the first beat; those that have passed are skipped.</summary>
    public void SetNextBeat()
    {
        var now = Now();
        var missed = Math.Max(0, (now - _nextBeat) / _interval.Ticks);
        _nextBeat += (missed + 1) * _interval.Ticks;
        Set(TimeSpan.FromTicks(_nextBeat - now));
    }

    /// <summary>The beat has come to the front of the mailbox.</summary>
    public void Arrive() => IsAtRest = true;

    protected internal override void OnDue() => cell.Tell(_beat ??= new TimerBeat(this), null);

    void Set(TimeSpan delay)
    {
        IsAtRest = false;
        cell.System.Timers.Schedule(this, delay);
    }

    long Now() => cell.System.Uptime.Ticks;
}

/// <summary>What travels through the mailbox in place of a timer's message.</summary>
sealed class TimerBeat(ActorTimer timer) : KernelMessage
{
    internal override void Receive(ActorCell cell) => cell.ReceiveBeat(timer);

    public override string ToString() => $"TimerBeat({timer.Key})";
}
