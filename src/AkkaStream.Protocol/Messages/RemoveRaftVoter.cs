namespace AkkaStream.Protocol.Messages;

// RemoveRaftVoter: removes a controller from the quorum (KIP-853).
//
// v0   First version. Flexible.

[KafkaRequest(key: 81, versions: "0", flexible: "0+")]
public sealed partial class RemoveRaftVoterRequest
{
    public string? ClusterId { get; init; } = "";
    public int VoterId { get; init; }
    public Uuid VoterDirectoryId { get; init; }
}

[KafkaResponse(key: 81, versions: "0", flexible: "0+")]
public sealed partial class RemoveRaftVoterResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
