namespace AkkaStream.Actors.Timers;

/// <summary>
/// A deadline that can be put into a <see cref="TimerWheel"/>. Meant as the base, or a field, of the object that has
/// the deadline, so that setting one allocates nothing. It belongs to one wheel at a time.
/// </summary>
public abstract class TimerNode
{
    // All guarded by the wheel's lock. A circle of its own while it is in no slot.
    internal TimerNode Next;
    internal TimerNode Previous;
    internal long Deadline;
    internal int Slot = TimerWheel.NoSlot;

    protected TimerNode() => Next = Previous = this;

    /// <summary>
    /// The deadline has passed. On the wheel's thread, outside of its lock; short, because other deadlines wait. By now
    /// the node is out of the wheel and may be scheduled again.
    /// </summary>
    protected internal abstract void OnDue();
}
