namespace AkkaStream.Protocol.Messages;

// LeaveGroup: members leave a classic group without waiting for the session time-out.
//
// v0   One member.
// v1   Throttle time (KIP-124).
// v2   Throttled after the answer (KIP-219).
// v3   Many members at once, by id or group.instance.id (KIP-345).
// v4   Flexible.
// v5   Reason for leaving (KIP-800).

[KafkaRequest(key: 13, versions: "0-5", flexible: "4+")]
public sealed partial class LeaveGroupRequest
{
    public string GroupId { get; init; } = "";
    [Versions("0-2")] public string MemberId { get; init; } = "";
    [Versions("3+")] public LeaveGroupRequestMember[] Members { get; init; } = [];
}

public sealed partial class LeaveGroupRequestMember
{
    public string MemberId { get; init; } = "";

    // With an empty member id: a static member, named by whoever operates it.
    public string? GroupInstanceId { get; init; }

    [Versions("5+"), Ignorable] public string? Reason { get; init; }
}

[KafkaResponse(key: 13, versions: "0-5", flexible: "4+")]
public sealed partial class LeaveGroupResponse
{
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("3+")] public LeaveGroupResponseMember[] Members { get; set; } = [];
}

public sealed partial class LeaveGroupResponseMember
{
    public string MemberId { get; set; } = "";
    public string? GroupInstanceId { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
}
