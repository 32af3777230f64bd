namespace AkkaStream.Protocol.Messages;

// JoinGroup: a member of a classic group joins a rebalance and waits for the others.
//
// v0   Session time-out serves as rebalance time-out too.
// v1   Rebalance time-out of its own (KIP-62).
// v2   Throttle time (KIP-124).
// v3   Throttled after the answer (KIP-219).
// v4   A new member is given an id first and joins again with it: MEMBER_ID_REQUIRED (KIP-394).
// v5   Static members tell group.instance.id (KIP-345).
// v6   Flexible.
// v7   Response tells protocol type, and the protocol may be null (KIP-559).
// v8   Reason for joining, for the broker's log (KIP-800).
// v9   A rejoining static leader may be told to keep the assignment (KIP-814).

[KafkaRequest(key: 11, versions: "0-9", flexible: "6+")]
public sealed partial class JoinGroupRequest
{
    public string GroupId { get; init; } = "";

    // The member is thrown out when it is not heard from for so long.
    public int SessionTimeoutMs { get; init; }

    // How long the group waits for this member in a rebalance; -1: as long as the session.
    [Versions("1+"), Ignorable] public int RebalanceTimeoutMs { get; init; } = -1;

    // Empty on the first try.
    public string MemberId { get; init; } = "";

    [Versions("5+")] public string? GroupInstanceId { get; init; }
    public string ProtocolType { get; init; } = "";
    public JoinGroupRequestProtocol[] Protocols { get; init; } = [];
    [Versions("8+"), Ignorable] public string? Reason { get; init; }
}

public sealed partial class JoinGroupRequestProtocol
{
    [MapKey] public string Name { get; init; } = "";

    // The broker looks inside only for what the group subscribes to (ConsumerProtocolSubscription).
    public ReadOnlyMemory<byte> Metadata { get; init; }
}

[KafkaResponse(key: 11, versions: "0-9", flexible: "6+")]
public sealed partial class JoinGroupResponse
{
    [Versions("2+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public int GenerationId { get; set; } = -1;
    [Versions("7+"), Ignorable] public string? ProtocolType { get; set; }
    [NullableFrom("7+")] public string? ProtocolName { get; set; } = "";
    public string Leader { get; set; } = "";

    // The leader need not assign anew: it was away and its group did not change.
    [Versions("9+")] public bool SkipAssignment { get; set; }

    public string MemberId { get; set; } = "";

    // Empty for all but the leader.
    public JoinGroupResponseMember[] Members { get; set; } = [];
}

public sealed partial class JoinGroupResponseMember
{
    public string MemberId { get; set; } = "";
    [Versions("5+"), Ignorable] public string? GroupInstanceId { get; set; }
    public ReadOnlyMemory<byte> Metadata { get; set; }
}
