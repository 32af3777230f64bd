namespace AkkaStream.Protocol.Messages;

// DescribeQuorum: state of the controller quorum (KIP-595).
//
// v0   First version. Flexible.
// v1   When each replica last fetched and last was level (KIP-836).
// v2   Error messages, directory ids, and the nodes' endpoints (KIP-853).

[KafkaRequest(key: 55, versions: "0-2", flexible: "0+")]
public sealed partial class DescribeQuorumRequest
{
    public DescribeQuorumRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class DescribeQuorumRequestTopic
{
    public string TopicName { get; init; } = "";
    public DescribeQuorumRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class DescribeQuorumRequestPartition
{
    public int PartitionIndex { get; init; }
}

[KafkaResponse(key: 55, versions: "0-2", flexible: "0+")]
public sealed partial class DescribeQuorumResponse
{
    public ErrorCode ErrorCode { get; set; }
    [Versions("2+"), Ignorable] public string? ErrorMessage { get; set; } = "";
    public DescribeQuorumResponseTopic[] Topics { get; set; } = [];
    [Versions("2+")] public DescribeQuorumResponseNode[] Nodes { get; set; } = [];
}

public sealed partial class DescribeQuorumResponseTopic
{
    public string TopicName { get; set; } = "";
    public DescribeQuorumResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class DescribeQuorumResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("2+"), Ignorable] public string? ErrorMessage { get; set; } = "";
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
    public long HighWatermark { get; set; }
    public DescribeQuorumResponseReplica[] CurrentVoters { get; set; } = [];
    public DescribeQuorumResponseReplica[] Observers { get; set; } = [];
}

public sealed partial class DescribeQuorumResponseReplica
{
    public int ReplicaId { get; set; }
    [Versions("2+")] public Uuid ReplicaDirectoryId { get; set; }
    public long LogEndOffset { get; set; }
    [Versions("1+"), Ignorable] public long LastFetchTimestamp { get; set; } = -1;
    [Versions("1+"), Ignorable] public long LastCaughtUpTimestamp { get; set; } = -1;
}

public sealed partial class DescribeQuorumResponseNode
{
    [MapKey] public int NodeId { get; set; }
    public DescribeQuorumResponseListener[] Listeners { get; set; } = [];
}

public sealed partial class DescribeQuorumResponseListener
{
    [MapKey] public string Name { get; set; } = "";
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}
