namespace AkkaStream.Protocol.Messages;

// SyncGroup: the leader of a classic group hands out the assignment, the others fetch theirs.
//
// v0   First version.
// v1   Throttle time (KIP-124).
// v2   Throttled after the answer (KIP-219).
// v3   Static members tell group.instance.id (KIP-345).
// v4   Flexible.
// v5   Both sides tell protocol type and name, and a mismatch is refused (KIP-559).

[KafkaRequest(key: 14, versions: "0-5", flexible: "4+")]
public sealed partial class SyncGroupRequest
{
    public string GroupId { get; init; } = "";
    public int GenerationId { get; init; }
    public string MemberId { get; init; } = "";
    [Versions("3+")] public string? GroupInstanceId { get; init; }
    [Versions("5+"), Ignorable] public string? ProtocolType { get; init; }
    [Versions("5+"), Ignorable] public string? ProtocolName { get; init; }

    // Empty from all but the leader.
    public SyncGroupRequestAssignment[] Assignments { get; init; } = [];
}

public sealed partial class SyncGroupRequestAssignment
{
    public string MemberId { get; init; } = "";
    public ReadOnlyMemory<byte> Assignment { get; init; }
}

[KafkaResponse(key: 14, versions: "0-5", flexible: "4+")]
public sealed partial class SyncGroupResponse
{
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("5+"), Ignorable] public string? ProtocolType { get; set; }
    [Versions("5+"), Ignorable] public string? ProtocolName { get; set; }
    public ReadOnlyMemory<byte> Assignment { get; set; }
}
