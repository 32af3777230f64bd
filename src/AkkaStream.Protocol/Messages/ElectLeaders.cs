namespace AkkaStream.Protocol.Messages;

// ElectLeaders: elects preferred leaders (type 0), or any living replica (1) (KIP-183).
//
// v0   Preferred leaders only.
// v1   Election type, and an error code for the whole answer (KIP-460).
// v2   Flexible.

[KafkaRequest(key: 43, versions: "0-2", flexible: "2+")]
public sealed partial class ElectLeadersRequest
{
    [Versions("1+")] public sbyte ElectionType { get; init; }

    // Null for all partitions.
    public ElectLeadersRequestTopicPartitions[]? TopicPartitions { get; init; } = [];

    public int TimeoutMs { get; init; } = 60000;
}

public sealed partial class ElectLeadersRequestTopicPartitions
{
    [MapKey] public string Topic { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 43, versions: "0-2", flexible: "2+")]
public sealed partial class ElectLeadersResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("1+")] public ErrorCode ErrorCode { get; set; }
    public ElectLeadersResponseTopic[] ReplicaElectionResults { get; set; } = [];
}

public sealed partial class ElectLeadersResponseTopic
{
    public string Topic { get; set; } = "";
    public ElectLeadersResponsePartition[] PartitionResult { get; set; } = [];
}

public sealed partial class ElectLeadersResponsePartition
{
    public int PartitionId { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
