using System.Numerics;

namespace AkkaStream.Actors.Timers;

/// <summary>
/// Many deadlines on one timer of the clock. Adding and taking out cost a few instructions under a lock and allocate
/// nothing: nodes are linked into the slots of six wheels of 64 slots, the first one millisecond a slot, each next one
/// 64 times as coarse; a coarse slot whose time comes is spread over the finer ones. There is no tick: the clock's timer
/// is set to the next slot that is in use, and not set when the wheel is empty (a deadline that was taken out may leave
/// one call behind, which finds nothing). Nothing fires early; the grain is a millisecond.
///
/// Knows nothing of actors: connections and replicas hang their time-outs in it as well. All methods on any thread.
/// Deadlines fire on the clock's timer thread, one after the other.
/// </summary>
public sealed class TimerWheel : IDisposable
{
    internal const int NoSlot = -1;

    const int Levels = 6;
    const int SlotBits = 6;
    const int SlotsPerLevel = 1 << SlotBits;
    const int DueSlot = Levels * SlotsPerLevel;
    const long NotArmed = long.MaxValue;

    // One slot of the coarsest wheel less than it goes round, or the last one would be the present one.
    const long Range = (1L << (Levels * SlotBits)) - (1L << ((Levels - 1) * SlotBits));

    // What a timer of the clock takes; a deadline further ahead is looked at again then.
    const long LongestTimer = int.MaxValue;

    readonly TimeProvider _time;
    readonly Action<Exception>? _onFailure;
    readonly long _start;

    // A clock finer than TimeSpan loses its last digits on the way; that must not make a deadline early.
    readonly long _roundUp;
    readonly Lock _gate = new();

    // Each slot is a circle of nodes; here is its first. The last slot holds what is due and not called yet.
    readonly TimerNode?[] _slots = new TimerNode?[DueSlot + 1];
    readonly ulong[] _used = new ulong[Levels];
    ITimer? _timer;
    long _now;
    long _armedFor = NotArmed;
    int _count;
    bool _calling;
    bool _disposed;

    /// <param name="time">The clock.</param>
    /// <param name="onFailure">Gets what a node's OnDue threw, which does not disturb the others.</param>
    public TimerWheel(TimeProvider time, Action<Exception>? onFailure = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _onFailure = onFailure;
        _start = time.GetTimestamp();
        _roundUp = time.TimestampFrequency == TimeSpan.TicksPerSecond ? 0 : 1;
    }

    /// <summary>How many deadlines are set.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Sets the node's deadline, in place of one that it may have had.</summary>
    public void Schedule(TimerNode node, TimeSpan delay)
    {
        ArgumentNullException.ThrowIfNull(node);
        var elapsed = Elapsed();
        var ahead = Math.Clamp(delay.Ticks, 0, long.MaxValue / 4) + _roundUp;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (node.Slot != NoSlot) Unlink(node);
            CatchUp(elapsed / TimeSpan.TicksPerMillisecond);
            node.Deadline = (elapsed + ahead + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
            Link(node);
            if (!_calling) Arm();
        }
    }

    /// <summary>
    /// Takes the deadline out. False when there is none: never set, or fired, or being called at this moment.
    /// </summary>
    public bool Cancel(TimerNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (_gate)
        {
            if (node.Slot == NoSlot) return false;
            Unlink(node);
            return true;
        }
    }

    /// <summary>Whether the node waits for its deadline.</summary>
    public bool IsScheduled(TimerNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (_gate) return node.Slot != NoSlot;
    }

    /// <summary>Drops all deadlines; none is called any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            for (var slot = 0; slot < _slots.Length; slot++)
            {
                while (_slots[slot] is { } node) Unlink(node);
            }

            _timer?.Dispose();
            _timer = null;
        }
    }

    // In ticks of TimeSpan since the wheel was made; _now and the deadlines count whole milliseconds of the same.
    long Elapsed() => _time.GetElapsedTime(_start).Ticks;

    // The clock calls. One thread at a time goes through what is due; a second call leaves it to the first.
    void OnTimer()
    {
        lock (_gate)
        {
            _armedFor = NotArmed;
            if (_calling) return;
            _calling = true;
        }

        while (TakeDue() is { } node)
        {
            try
            {
                node.OnDue();
            }
            catch (Exception failure)
            {
                _onFailure?.Invoke(failure);
            }
        }
    }

    // Null, and the timer set again, when nothing more is due.
    TimerNode? TakeDue()
    {
        lock (_gate)
        {
            if (_slots[DueSlot] is null) Advance(Elapsed() / TimeSpan.TicksPerMillisecond);
            var node = _slots[DueSlot];
            if (node is not null)
            {
                Unlink(node);
            }
            else
            {
                _calling = false;
                Arm();
            }

            return node;
        }
    }

    void Advance(long now)
    {
        while (NextUse() is { } next && next.Time <= now)
        {
            _now = Math.Max(_now, next.Time);
            while (_slots[next.Slot] is { } node)
            {
                Unlink(node);
                Link(node);
            }
        }

        _now = Math.Max(_now, now);
    }

    // Lets the wheel's present follow the clock as far as no slot in use is passed, so that a near deadline set after
    // a long quiet time lands in a fine wheel.
    void CatchUp(long now)
    {
        if (now > _now && _slots[DueSlot] is null && (NextUse() is not { } next || next.Time > now)) _now = now;
    }

    void Arm()
    {
        if (_disposed) return;
        long next;
        if (_slots[DueSlot] is not null)
        {
            next = _now;
        }
        else if (NextUse() is { } use)
        {
            next = use.Time;
        }
        else
        {
            return;
        }

        if (next >= _armedFor) return;
        _armedFor = next;
        _timer ??= MakeTimer();
        _timer.Change(Until(next), Timeout.InfiniteTimeSpan);
    }

    // The clock's own timers count whole milliseconds and cut off the rest.
    TimeSpan Until(long millisecond)
    {
        var ticks = millisecond * TimeSpan.TicksPerMillisecond - Elapsed();
        var rest = (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return TimeSpan.FromMilliseconds(Math.Clamp(rest, 0, LongestTimer));
    }

    ITimer MakeTimer()
    {
        var restore = !ExecutionContext.IsFlowSuppressed();
        if (restore) ExecutionContext.SuppressFlow();
        try
        {
            return _time.CreateTimer(
                static wheel => ((TimerWheel)wheel!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (restore) ExecutionContext.RestoreFlow();
        }
    }

    // The slot in use whose time comes first. Everything in a finer wheel comes before everything in a coarser one,
    // because a node lies in the coarsest wheel in which its deadline and the present differ.
    (int Slot, long Time)? NextUse()
    {
        for (var level = 0; level < Levels; level++)
        {
            if (_used[level] == 0) continue;
            var shift = level * SlotBits;
            var current = (int)(_now >> shift) & (SlotsPerLevel - 1);
            var ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_used[level], current));
            var slot = (current + ahead) & (SlotsPerLevel - 1);
            var time = ((_now >> shift) + ahead) << shift;
            return (level * SlotsPerLevel + slot, time);
        }

        return null;
    }

    void Link(TimerNode node)
    {
        var slot = SlotOf(node.Deadline);
        node.Slot = slot;
        _count++;
        if (slot != DueSlot) _used[slot >> SlotBits] |= 1UL << (slot & (SlotsPerLevel - 1));
        var first = _slots[slot];
        if (first is null)
        {
            _slots[slot] = node;
            return;
        }

        node.Next = first;
        node.Previous = first.Previous;
        first.Previous.Next = node;
        first.Previous = node;
    }

    int SlotOf(long deadline)
    {
        if (deadline <= _now) return DueSlot;

        // What lies further ahead than the wheels reach waits in the last slot and is looked at again from there.
        var within = Math.Min(deadline, _now + Range);
        var level = Math.Min((63 - BitOperations.LeadingZeroCount((ulong)(within ^ _now))) / SlotBits, Levels - 1);
        return level * SlotsPerLevel + ((int)(within >> (level * SlotBits)) & (SlotsPerLevel - 1));
    }

    void Unlink(TimerNode node)
    {
        var slot = node.Slot;
        if (node.Next == node)
        {
            _slots[slot] = null;
            if (slot != DueSlot) _used[slot >> SlotBits] &= ~(1UL << (slot & (SlotsPerLevel - 1)));
        }
        else
        {
            node.Next.Previous = node.Previous;
            node.Previous.Next = node.Next;
            if (_slots[slot] == node) _slots[slot] = node.Next;
        }

        node.Next = node.Previous = node;
        node.Slot = NoSlot;
        _count--;
    }
}
