using AkkaStream.Coordinators.Offsets;

namespace AkkaStream.Coordinators.Groups;

public enum GroupEventKind : byte
{
    /// <summary>A rebalance began; the group stands still until it ends.</summary>
    RebalanceBegan,

    /// <summary>The group is stable again; tells how long that took.</summary>
    Rebalanced,

    /// <summary>The last member is gone.</summary>
    Emptied,

    /// <summary>Many rebalances within a short time: something is wrong with a member.</summary>
    Storm,

    /// <summary>Somebody outside of the group set its offsets.</summary>
    OffsetsReset,
    OffsetsExpired,
    OffsetsDeleted,
    GroupDeleted,
    Loaded,
}

/// <summary>Something worth a line in the log and a place in the group's history: what happened, through whom, and why.</summary>
public sealed record GroupEvent(string GroupId, GroupEventKind Kind, long WallMs)
{
    /// <summary>Generation of a classic group, epoch of a consumer group.</summary>
    public int Generation { get; init; }
    public int Members { get; init; }

    /// <summary>Who set it off; empty when nobody in particular did.</summary>
    public string MemberId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>For <see cref="GroupEventKind.Rebalanced"/>: since it began.</summary>
    public long DurationMs { get; init; }

    /// <summary>Offsets touched, or rebalances within the window of a storm.</summary>
    public int Count { get; init; }

    /// <summary>What was committed before and after; empty when the event is about no offsets, or about too many to keep.</summary>
    public IReadOnlyList<OffsetChange> Offsets { get; init; } = [];
}

/// <param name="Before">Null when nothing was.</param>
/// <param name="After">Null when nothing is any more.</param>
public readonly record struct OffsetChange(string Topic, int Partition, CommittedOffset? Before, CommittedOffset? After);
