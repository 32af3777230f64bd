using System.Diagnostics.CodeAnalysis;

namespace AkkaStream.Coordinators;

/// <summary>
/// All deadlines of one shard, the next one first; those of one moment in the order in which they were queued. The host sets a single timer of
/// the broker's wheel to <see cref="Next"/>.
/// </summary>
sealed class DeadlineQueue
{
    readonly PriorityQueue<Deadline, (long At, long Order)> _queue = new();
    long _order;

    /// <summary>Nothing is due before; <see cref="Deadline.Never"/> when nothing is set.</summary>
    public long Next => _queue.TryPeek(out _, out var place) ? place.At : Deadline.Never;

    public void Set(Deadline deadline, long dueAt)
    {
        deadline.DueAt = dueAt;
        if (dueAt < deadline.QueuedAt) Queue(deadline, dueAt);
    }

    public static void Cancel(Deadline deadline) => deadline.DueAt = Deadline.Never;

    /// <summary>Takes the next deadline that is due. It may be set again at once.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out Deadline? due)
    {
        while (_queue.TryPeek(out due, out var place) && place.At <= now)
        {
            _queue.Dequeue();
            // A place from before the deadline was moved to an earlier one.
            if (place.At != due.QueuedAt) continue;
            due.QueuedAt = Deadline.Never;
            if (due.DueAt <= now)
            {
                due.DueAt = Deadline.Never;
                return true;
            }
            if (due.IsSet) Queue(due, due.DueAt);
        }
        due = null;
        return false;
    }

    void Queue(Deadline deadline, long at)
    {
        deadline.QueuedAt = at;
        _queue.Enqueue(deadline, (at, _order++));
    }
}
