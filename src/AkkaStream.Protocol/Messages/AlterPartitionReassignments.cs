namespace AkkaStream.Protocol.Messages;

// AlterPartitionReassignments: moves partitions to other brokers, or stops that (KIP-455).
//
// v0   First version. Flexible.
// v1   Whether the number of replicas may change (KIP-860).

[KafkaRequest(key: 45, versions: "0-1", flexible: "0+")]
public sealed partial class AlterPartitionReassignmentsRequest
{
    public int TimeoutMs { get; init; } = 60000;
    [Versions("1+")] public bool AllowReplicationFactorChange { get; init; } = true;
    public AlterPartitionReassignmentsRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class AlterPartitionReassignmentsRequestTopic
{
    public string Name { get; init; } = "";
    public AlterPartitionReassignmentsRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class AlterPartitionReassignmentsRequestPartition
{
    public int PartitionIndex { get; init; }

    // Null stops the move.
    public int[]? Replicas { get; init; }
}

[KafkaResponse(key: 45, versions: "0-1", flexible: "0+")]
public sealed partial class AlterPartitionReassignmentsResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("1+"), Ignorable] public bool AllowReplicationFactorChange { get; set; } = true;
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public AlterPartitionReassignmentsResponseTopic[] Responses { get; set; } = [];
}

public sealed partial class AlterPartitionReassignmentsResponseTopic
{
    public string Name { get; set; } = "";
    public AlterPartitionReassignmentsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class AlterPartitionReassignmentsResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
