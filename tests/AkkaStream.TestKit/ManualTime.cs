namespace AkkaStream.TestKit;

/// <summary>
/// A clock that stands still until the test moves it. Timers fire on the moving thread, in the order of their deadlines,
/// and see the clock at exactly their deadline. One test moves it, from one thread at a time; reading it and setting
/// timers is safe from everywhere. For all rooms: whatever takes a TimeProvider can be driven by it.
/// </summary>
public sealed class ManualTime : TimeProvider
{
    readonly Lock _gate = new();
    readonly SortedSet<ManualTimer> _timers = new(ManualTimer.ByDeadline);
    readonly DateTimeOffset _start;
    long _now;
    long _sequence;

    public ManualTime() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTime(DateTimeOffset start) => _start = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How far the clock was moved since it was made.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    /// <summary>How many timers are set.</summary>
    public int TimerCount
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    /// <summary>How long until the next timer fires; null when none is set.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_gate) return _timers.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.Deadline - _now)) : null;
        }
    }

    long Now
    {
        get
        {
            lock (_gate) return _now;
        }
    }

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock. Timers that fall due, and those that these set, fire on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = Now + by.Ticks;
        while (TakeDue(target) is { } timer) timer.Fire();
        lock (_gate) _now = Math.Max(_now, target);
    }

    /// <summary>
    /// Fires the timers of the next moment at which any is due, if that is not later than <paramref name="within"/>
    /// from now; false, and nothing happens, if there is none. For drivers that let work run in between.
    /// </summary>
    public bool AdvanceToNextTimer(TimeSpan within)
    {
        if (UntilNextTimer is not { } until || until > within) return false;
        Advance(until);
        return true;
    }

    ManualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            var next = _timers.Min;
            if (next is null || next.Deadline > target) return null;
            _timers.Remove(next);
            _now = Math.Max(_now, next.Deadline);
            if (next.Period > 0)
            {
                next.Deadline = _now + next.Period;
                next.Sequence = _sequence++;
                _timers.Add(next);
            }

            return next;
        }
    }

    sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public static readonly IComparer<ManualTimer> ByDeadline = Comparer<ManualTimer>.Create(
            (a, b) => (a.Deadline, a.Sequence).CompareTo((b.Deadline, b.Sequence)));

        bool _disposed;

        public long Deadline { get; set; }

        /// <summary>Timers of one moment fire in the order in which they were set.</summary>
        public long Sequence { get; set; }

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (_disposed) return false;
                time._timers.Remove(this);
                Period = period > TimeSpan.Zero ? period.Ticks : 0;
                if (dueTime < TimeSpan.Zero) return true;
                Deadline = time._now + dueTime.Ticks;
                Sequence = time._sequence++;
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
