namespace AkkaStream.Protocol.Messages;

// DescribeTopicPartitions: topics and partitions, page by page (KIP-966).
//
// v0   First version. Flexible.

[KafkaRequest(key: 75, versions: "0", flexible: "0+")]
public sealed partial class DescribeTopicPartitionsRequest
{
    public DescribeTopicPartitionsRequestTopic[] Topics { get; init; } = [];
    public int ResponsePartitionLimit { get; init; } = 2000;
    public DescribeTopicPartitionsRequestCursor? Cursor { get; init; }
}

public sealed partial class DescribeTopicPartitionsRequestTopic
{
    public string Name { get; init; } = "";
}

public sealed partial class DescribeTopicPartitionsRequestCursor
{
    public string TopicName { get; init; } = "";
    public int PartitionIndex { get; init; }
}

[KafkaResponse(key: 75, versions: "0", flexible: "0+")]
public sealed partial class DescribeTopicPartitionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DescribeTopicPartitionsResponseTopic[] Topics { get; set; } = [];
    public DescribeTopicPartitionsResponseCursor? NextCursor { get; set; }
}

public sealed partial class DescribeTopicPartitionsResponseTopic
{
    public ErrorCode ErrorCode { get; set; }
    [MapKey] public string? Name { get; set; } = "";
    public TopicId TopicId { get; set; }
    public bool IsInternal { get; set; }
    public DescribeTopicPartitionsResponsePartition[] Partitions { get; set; } = [];
    public int TopicAuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class DescribeTopicPartitionsResponsePartition
{
    public ErrorCode ErrorCode { get; set; }
    public int PartitionIndex { get; set; }
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; } = -1;
    public int[] ReplicaNodes { get; set; } = [];
    public int[] IsrNodes { get; set; } = [];
    public int[]? EligibleLeaderReplicas { get; set; }
    public int[]? LastKnownElr { get; set; }
    public int[] OfflineReplicas { get; set; } = [];
}

public sealed partial class DescribeTopicPartitionsResponseCursor
{
    public string TopicName { get; set; } = "";
    public int PartitionIndex { get; set; }
}
