namespace AkkaStream.Protocol.Messages;

// EndQuorumEpoch: a controller quorum leader steps down (KIP-595).
//
// v0   First version.
// v1   Flexible. Candidates with directory ids, the leader's endpoints (KIP-853).

[KafkaRequest(key: 54, versions: "0-1", flexible: "1+")]
public sealed partial class EndQuorumEpochRequest
{
    public string? ClusterId { get; init; }
    public EndQuorumEpochRequestTopic[] Topics { get; init; } = [];
    [Versions("1+"), Ignorable] public EndQuorumEpochRequestLeaderEndpoint[] LeaderEndpoints { get; init; } = [];
}

public sealed partial class EndQuorumEpochRequestTopic
{
    public string TopicName { get; init; } = "";
    public EndQuorumEpochRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class EndQuorumEpochRequestPartition
{
    public int PartitionIndex { get; init; }
    public int LeaderId { get; init; }
    public int LeaderEpoch { get; init; }
    [Versions("0"), Ignorable] public int[] PreferredSuccessors { get; init; } = [];
    [Versions("1+"), Ignorable] public EndQuorumEpochRequestCandidate[] PreferredCandidates { get; init; } = [];
}

public sealed partial class EndQuorumEpochRequestCandidate
{
    public int CandidateId { get; init; }
    public Uuid CandidateDirectoryId { get; init; }
}

public sealed partial class EndQuorumEpochRequestLeaderEndpoint
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

[KafkaResponse(key: 54, versions: "0-1", flexible: "1+")]
public sealed partial class EndQuorumEpochResponse
{
    public ErrorCode ErrorCode { get; set; }
    public EndQuorumEpochResponseTopic[] Topics { get; set; } = [];
    [Tagged(0, "1+")] public EndQuorumEpochResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class EndQuorumEpochResponseTopic
{
    public string TopicName { get; set; } = "";
    public EndQuorumEpochResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class EndQuorumEpochResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
}

public sealed partial class EndQuorumEpochResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}
