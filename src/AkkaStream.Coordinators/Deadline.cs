namespace AkkaStream.Coordinators;

/// <summary>
/// A moment at which a pure state wants to be asked again. Moving one to a later time costs nothing: its place in the queue is looked at when
/// that comes up. So a heartbeat, which does nothing else, touches no queue.
/// </summary>
abstract class Deadline
{
    internal const long Never = long.MaxValue;

    /// <summary>When it is due, in uptime; <see cref="Never"/> when it is not set.</summary>
    internal long DueAt { get; set; } = Never;

    /// <summary>Under which time it stands in the queue; may be earlier than <see cref="DueAt"/>.</summary>
    internal long QueuedAt { get; set; } = Never;

    internal bool IsSet => DueAt != Never;

    internal abstract void OnDue(Decision decision);
}
