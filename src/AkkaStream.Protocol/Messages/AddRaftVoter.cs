namespace AkkaStream.Protocol.Messages;

// AddRaftVoter: adds a controller to the quorum (KIP-853).
//
// v0   First version. Flexible.
// v1   Whether to answer when the change is committed or at once.

[KafkaRequest(key: 80, versions: "0-1", flexible: "0+")]
public sealed partial class AddRaftVoterRequest
{
    public string? ClusterId { get; init; } = "";
    public int TimeoutMs { get; init; }
    public int VoterId { get; init; }
    public Uuid VoterDirectoryId { get; init; }
    public AddRaftVoterRequestListener[] Listeners { get; init; } = [];
    [Versions("1+")] public bool AckWhenCommitted { get; init; } = true;
}

public sealed partial class AddRaftVoterRequestListener
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

[KafkaResponse(key: 80, versions: "0-1", flexible: "0+")]
public sealed partial class AddRaftVoterResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
