namespace AkkaStream.Protocol.Messages;

// UpdateRaftVoter: a controller tells its endpoints and what it supports (KIP-853).
//
// v0   First version. Flexible.

[KafkaRequest(key: 82, versions: "0", flexible: "0+")]
public sealed partial class UpdateRaftVoterRequest
{
    public string? ClusterId { get; init; } = "";
    public int CurrentLeaderEpoch { get; init; }
    public int VoterId { get; init; }
    public Uuid VoterDirectoryId { get; init; }
    public UpdateRaftVoterRequestListener[] Listeners { get; init; } = [];
    public UpdateRaftVoterRequestKRaftVersionFeature KRaftVersionFeature { get; init; } = new();
}

public sealed partial class UpdateRaftVoterRequestListener
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

public sealed partial class UpdateRaftVoterRequestKRaftVersionFeature
{
    public short MinSupportedVersion { get; init; }
    public short MaxSupportedVersion { get; init; }
}

[KafkaResponse(key: 82, versions: "0", flexible: "0+")]
public sealed partial class UpdateRaftVoterResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Tagged(0, "0+")] public UpdateRaftVoterResponseCurrentLeader? CurrentLeader { get; set; }
}

public sealed partial class UpdateRaftVoterResponseCurrentLeader
{
    public int LeaderId { get; set; } = -1;
    public int LeaderEpoch { get; set; } = -1;
    public string Host { get; set; } = "";
    public int Port { get; set; }
}
