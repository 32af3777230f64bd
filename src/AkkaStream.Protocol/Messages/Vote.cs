namespace AkkaStream.Protocol.Messages;

// Vote: a controller asks for votes (KIP-595).
//
// v0   First version. Flexible.
// v1   Directory ids of voter and candidate; endpoint of the leader (KIP-853).
// v2   A vote may be a trial that changes no epoch (KIP-996).

[KafkaRequest(key: 52, versions: "0-2", flexible: "0+")]
public sealed partial class VoteRequest
{
    public string? ClusterId { get; init; }
    [Versions("1+"), Ignorable] public int VoterId { get; init; } = -1;
    public VoteRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class VoteRequestTopic
{
    public string TopicName { get; init; } = "";
    public VoteRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class VoteRequestPartition
{
    public int PartitionIndex { get; init; }
    public int ReplicaEpoch { get; init; }
    public int ReplicaId { get; init; }
    [Versions("1+"), Ignorable] public Uuid ReplicaDirectoryId { get; init; }
    [Versions("1+"), Ignorable] public Uuid VoterDirectoryId { get; init; }
    public int LastOffsetEpoch { get; init; }
    public long LastOffset { get; init; }
    [Versions("2+")] public bool PreVote { get; init; }
}

[KafkaResponse(key: 52, versions: "0-2", flexible: "0+")]
public sealed partial class VoteResponse
{
    public ErrorCode ErrorCode { get; set; }
    public VoteResponseTopic[] Topics { get; set; } = [];
    [Tagged(0, "1+")] public VoteResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class VoteResponseTopic
{
    public string TopicName { get; set; } = "";
    public VoteResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class VoteResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
    public bool VoteGranted { get; set; }
}

public sealed partial class VoteResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}
