namespace AkkaStream.Protocol.Messages;

// BeginQuorumEpoch: a new controller quorum leader tells the voters (KIP-595).
//
// v0   First version.
// v1   Flexible. Voter's key and the leader's endpoints (KIP-853).

[KafkaRequest(key: 53, versions: "0-1", flexible: "1+")]
public sealed partial class BeginQuorumEpochRequest
{
    public string? ClusterId { get; init; }
    [Versions("1+"), Ignorable] public int VoterId { get; init; } = -1;
    public BeginQuorumEpochRequestTopic[] Topics { get; init; } = [];
    [Versions("1+"), Ignorable] public BeginQuorumEpochRequestLeaderEndpoint[] LeaderEndpoints { get; init; } = [];
}

public sealed partial class BeginQuorumEpochRequestTopic
{
    public string TopicName { get; init; } = "";
    public BeginQuorumEpochRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class BeginQuorumEpochRequestPartition
{
    public int PartitionIndex { get; init; }
    [Versions("1+"), Ignorable] public Uuid VoterDirectoryId { get; init; }
    public int LeaderId { get; init; }
    public int LeaderEpoch { get; init; }
}

public sealed partial class BeginQuorumEpochRequestLeaderEndpoint
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

[KafkaResponse(key: 53, versions: "0-1", flexible: "1+")]
public sealed partial class BeginQuorumEpochResponse
{
    public ErrorCode ErrorCode { get; set; }
    public BeginQuorumEpochResponseTopic[] Topics { get; set; } = [];
    [Tagged(0, "1+")] public BeginQuorumEpochResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class BeginQuorumEpochResponseTopic
{
    public string TopicName { get; set; } = "";
    public BeginQuorumEpochResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class BeginQuorumEpochResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
}

public sealed partial class BeginQuorumEpochResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}
