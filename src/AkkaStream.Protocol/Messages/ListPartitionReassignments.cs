namespace AkkaStream.Protocol.Messages;

// ListPartitionReassignments: the moves that are under way (KIP-455).
//
// v0   First version. Flexible.

[KafkaRequest(key: 46, versions: "0", flexible: "0+")]
public sealed partial class ListPartitionReassignmentsRequest
{
    public int TimeoutMs { get; init; } = 60000;

    // Null for all.
    public ListPartitionReassignmentsRequestTopic[]? Topics { get; init; }
}

public sealed partial class ListPartitionReassignmentsRequestTopic
{
    public string Name { get; init; } = "";
    public int[] PartitionIndexes { get; init; } = [];
}

[KafkaResponse(key: 46, versions: "0", flexible: "0+")]
public sealed partial class ListPartitionReassignmentsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public ListPartitionReassignmentsResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class ListPartitionReassignmentsResponseTopic
{
    public string Name { get; set; } = "";
    public ListPartitionReassignmentsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class ListPartitionReassignmentsResponsePartition
{
    public int PartitionIndex { get; set; }
    public int[] Replicas { get; set; } = [];
    public int[] AddingReplicas { get; set; } = [];
    public int[] RemovingReplicas { get; set; } = [];
}
