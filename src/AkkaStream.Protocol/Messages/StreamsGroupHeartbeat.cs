namespace AkkaStream.Protocol.Messages;

// StreamsGroupHeartbeat: a member of a Streams group: tells topology and tasks, gets tasks (KIP-1071).
//
// v0   First version. Flexible.

[KafkaRequest(key: 88, versions: "0", flexible: "0+")]
public sealed partial class StreamsGroupHeartbeatRequest
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";

    // 0 joins, -1 leaves, -2 leaves for a while (static members).
    public int MemberEpoch { get; init; }

    public int EndpointInformationEpoch { get; init; }
    public string? InstanceId { get; init; }
    public string? RackId { get; init; }
    public int RebalanceTimeoutMs { get; init; } = -1;

    // Told on joining; null: as told before.
    public StreamsGroupHeartbeatRequestTopology? Topology { get; init; }

    public StreamsGroupHeartbeatRequestTaskIds[]? ActiveTasks { get; init; }
    public StreamsGroupHeartbeatRequestTaskIds[]? StandbyTasks { get; init; }
    public StreamsGroupHeartbeatRequestTaskIds[]? WarmupTasks { get; init; }
    public string? ProcessId { get; init; }
    public StreamsGroupHeartbeatRequestEndpoint? UserEndpoint { get; init; }
    public StreamsGroupHeartbeatRequestKeyValue[]? ClientTags { get; init; }
    public StreamsGroupHeartbeatRequestTaskOffset[]? TaskOffsets { get; init; }
    public StreamsGroupHeartbeatRequestTaskOffset[]? TaskEndOffsets { get; init; }
    public bool ShutdownApplication { get; init; }
}

public sealed partial class StreamsGroupHeartbeatRequestTopology
{
    public int Epoch { get; init; }
    public StreamsGroupHeartbeatRequestSubtopology[] Subtopologies { get; init; } = [];
}

public sealed partial class StreamsGroupHeartbeatRequestSubtopology
{
    public string SubtopologyId { get; init; } = "";
    public string[] SourceTopics { get; init; } = [];
    public string[] SourceTopicRegex { get; init; } = [];
    public StreamsGroupHeartbeatRequestTopic[] StateChangelogTopics { get; init; } = [];
    public string[] RepartitionSinkTopics { get; init; } = [];
    public StreamsGroupHeartbeatRequestTopic[] RepartitionSourceTopics { get; init; } = [];
    public StreamsGroupHeartbeatRequestCopartitionGroup[] CopartitionGroups { get; init; } = [];
}

public sealed partial class StreamsGroupHeartbeatRequestTopic
{
    public string Name { get; init; } = "";
    public int Partitions { get; init; }
    public short ReplicationFactor { get; init; }
    public StreamsGroupHeartbeatRequestKeyValue[] TopicConfigs { get; init; } = [];
}

public sealed partial class StreamsGroupHeartbeatRequestKeyValue
{
    public string Key { get; init; } = "";
    public string Value { get; init; } = "";
}

public sealed partial class StreamsGroupHeartbeatRequestCopartitionGroup
{
    public short[] SourceTopics { get; init; } = [];
    public short[] SourceTopicRegex { get; init; } = [];
    public short[] RepartitionSourceTopics { get; init; } = [];
}

public sealed partial class StreamsGroupHeartbeatRequestTaskIds
{
    public string SubtopologyId { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

public sealed partial class StreamsGroupHeartbeatRequestEndpoint
{
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

public sealed partial class StreamsGroupHeartbeatRequestTaskOffset
{
    public string SubtopologyId { get; init; } = "";
    public int Partition { get; init; }
    public long Offset { get; init; }
}

[KafkaResponse(key: 88, versions: "0", flexible: "0+")]
public sealed partial class StreamsGroupHeartbeatResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string MemberId { get; set; } = "";
    public int MemberEpoch { get; set; }
    public int HeartbeatIntervalMs { get; set; }
    public int AcceptableRecoveryLag { get; set; }
    public int TaskOffsetIntervalMs { get; set; }
    public StreamsGroupHeartbeatResponseStatus[]? Status { get; set; } = [];
    public StreamsGroupHeartbeatResponseTaskIds[]? ActiveTasks { get; set; }
    public StreamsGroupHeartbeatResponseTaskIds[]? StandbyTasks { get; set; }
    public StreamsGroupHeartbeatResponseTaskIds[]? WarmupTasks { get; set; }
    public int EndpointInformationEpoch { get; set; }
    public StreamsGroupHeartbeatResponseEndpointPartitions[]? PartitionsByUserEndpoint { get; set; }
}

public sealed partial class StreamsGroupHeartbeatResponseStatus
{
    // 0 topology out of date, 1 source topics missing, 2 wrong number of partitions, 3 internal topics missing, 4
    // application shuts down, 5 assignment delayed.
    public sbyte StatusCode { get; set; }

    public string StatusDetail { get; set; } = "";
}

public sealed partial class StreamsGroupHeartbeatResponseTaskIds
{
    public string SubtopologyId { get; set; } = "";
    public int[] Partitions { get; set; } = [];
}

public sealed partial class StreamsGroupHeartbeatResponseEndpointPartitions
{
    public StreamsGroupHeartbeatResponseEndpoint UserEndpoint { get; set; } = new();
    public StreamsGroupHeartbeatResponseTopicPartitions[] ActivePartitions { get; set; } = [];
    public StreamsGroupHeartbeatResponseTopicPartitions[] StandbyPartitions { get; set; } = [];
}

public sealed partial class StreamsGroupHeartbeatResponseEndpoint
{
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}

public sealed partial class StreamsGroupHeartbeatResponseTopicPartitions
{
    public string Topic { get; set; } = "";
    public int[] Partitions { get; set; } = [];
}
