namespace AkkaStream.Protocol.Messages;

// AssignReplicasToDirs: a broker tells in which log directories its replicas lie (KIP-858).
//
// v0   First version. Flexible.

[KafkaRequest(key: 73, versions: "0", flexible: "0+")]
public sealed partial class AssignReplicasToDirsRequest
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; } = -1;
    public AssignReplicasToDirsRequestDirectory[] Directories { get; init; } = [];
}

public sealed partial class AssignReplicasToDirsRequestDirectory
{
    public Uuid Id { get; init; }
    public AssignReplicasToDirsRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class AssignReplicasToDirsRequestTopic
{
    public TopicId TopicId { get; init; }
    public AssignReplicasToDirsRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class AssignReplicasToDirsRequestPartition
{
    public int PartitionIndex { get; init; }
}

[KafkaResponse(key: 73, versions: "0", flexible: "0+")]
public sealed partial class AssignReplicasToDirsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public AssignReplicasToDirsResponseDirectory[] Directories { get; set; } = [];
}

public sealed partial class AssignReplicasToDirsResponseDirectory
{
    public Uuid Id { get; set; }
    public AssignReplicasToDirsResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class AssignReplicasToDirsResponseTopic
{
    public TopicId TopicId { get; set; }
    public AssignReplicasToDirsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class AssignReplicasToDirsResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
