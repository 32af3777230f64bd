namespace AkkaStream.Protocol.Messages.Private;

// GroupHistory: what happened to groups lately, as their coordinator remembers: rebalances with their cause, resets and expiry of offsets.
//
// v0   First version. Flexible.

[KafkaRequest(key: 10001, versions: "0", flexible: "0+")]
public sealed partial class GroupHistoryRequest
{
    public string[] Groups { get; init; } = [];
}

[KafkaResponse(key: 10001, versions: "0", flexible: "0+")]
public sealed partial class GroupHistoryResponse
{
    public int ThrottleTimeMs { get; set; }
    public GroupHistoryResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class GroupHistoryResponseGroup
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string GroupId { get; set; } = "";

    // Oldest first.
    public GroupHistoryResponseEvent[] Events { get; set; } = [];
}

public sealed partial class GroupHistoryResponseEvent
{
    // RebalanceBegan, Rebalanced, Emptied, Storm, OffsetsReset, OffsetsExpired, OffsetsDeleted.
    public string Kind { get; set; } = "";
    public long TimestampMs { get; set; }

    // Generation of a classic group, epoch of a consumer group.
    public int Generation { get; set; }
    public int Members { get; set; }

    // Who set it off, where somebody did.
    public string MemberId { get; set; } = "";
    public string ClientId { get; set; } = "";
    public string Reason { get; set; } = "";

    // Of a rebalance, from its first cause to the new assignment.
    public long DurationMs { get; set; }

    // Offsets touched, or rebalances of a storm.
    public int Count { get; set; }

    // Where an event changed offsets; left out when they were too many to be remembered.
    public GroupHistoryResponseOffset[] Offsets { get; set; } = [];
}

public sealed partial class GroupHistoryResponseOffset
{
    public string Topic { get; set; } = "";
    public int Partition { get; set; }

    // -1 for none.
    public long Before { get; set; }
    public long After { get; set; }
}
