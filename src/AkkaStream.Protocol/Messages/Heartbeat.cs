namespace AkkaStream.Protocol.Messages;

// Heartbeat: a member of a classic group is alive; the answer tells it when to join again.
//
// v0   First version.
// v1   Throttle time (KIP-124).
// v2   Throttled after the answer (KIP-219).
// v3   Static members tell group.instance.id (KIP-345).
// v4   Flexible.

[KafkaRequest(key: 12, versions: "0-4", flexible: "4+")]
public sealed partial class HeartbeatRequest
{
    public string GroupId { get; init; } = "";
    public int GenerationId { get; init; }
    public string MemberId { get; init; } = "";
    [Versions("3+")] public string? GroupInstanceId { get; init; }
}

[KafkaResponse(key: 12, versions: "0-4", flexible: "4+")]
public sealed partial class HeartbeatResponse
{
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
