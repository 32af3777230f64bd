namespace AkkaStream.Protocol.Messages;

// AlterReplicaLogDirs: moves replicas between the log directories of one broker (KIP-113).
//
// v1   Oldest version served.
// v2   Flexible.

[KafkaRequest(key: 34, versions: "1-2", flexible: "2+")]
public sealed partial class AlterReplicaLogDirsRequest
{
    public AlterReplicaLogDirsRequestDir[] Dirs { get; init; } = [];
}

public sealed partial class AlterReplicaLogDirsRequestDir
{
    [MapKey] public string Path { get; init; } = "";
    public AlterReplicaLogDirsRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class AlterReplicaLogDirsRequestTopic
{
    [MapKey] public string Name { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 34, versions: "1-2", flexible: "2+")]
public sealed partial class AlterReplicaLogDirsResponse
{
    public int ThrottleTimeMs { get; set; }
    public AlterReplicaLogDirsResponseTopic[] Results { get; set; } = [];
}

public sealed partial class AlterReplicaLogDirsResponseTopic
{
    public string TopicName { get; set; } = "";
    public AlterReplicaLogDirsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class AlterReplicaLogDirsResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
