namespace AkkaStream.Protocol.Messages;

// ConsumerGroupHeartbeat: the one request of a consumer in the consumer group protocol: join, stay, tell, leave
// (KIP-848).
//
// v0   First version. Flexible.
// v1   Subscription by a regular expression; the client makes its member id itself (KIP-1082).

[KafkaRequest(key: 68, versions: "0-1", flexible: "0+")]
public sealed partial class ConsumerGroupHeartbeatRequest
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";

    // 0 joins, -1 leaves, -2 leaves for a while (static members).
    public int MemberEpoch { get; init; }

    public string? InstanceId { get; init; }
    public string? RackId { get; init; }

    // -1: as told before.
    public int RebalanceTimeoutMs { get; init; } = -1;

    // Null: as told before.
    public string[]? SubscribedTopicNames { get; init; }

    // Null: as told before.
    [Versions("1+")] public string? SubscribedTopicRegex { get; init; }

    public string? ServerAssignor { get; init; }

    // What the member owns; null: as told before.
    public ConsumerGroupHeartbeatRequestTopicPartitions[]? TopicPartitions { get; init; }
}

public sealed partial class ConsumerGroupHeartbeatRequestTopicPartitions
{
    public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 68, versions: "0-1", flexible: "0+")]
public sealed partial class ConsumerGroupHeartbeatResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string? MemberId { get; set; }
    public int MemberEpoch { get; set; }
    public int HeartbeatIntervalMs { get; set; }

    // Null: nothing new.
    public ConsumerGroupHeartbeatResponseAssignment? Assignment { get; set; }
}

public sealed partial class ConsumerGroupHeartbeatResponseAssignment
{
    public ConsumerGroupHeartbeatResponseTopicPartitions[] TopicPartitions { get; set; } = [];
}

public sealed partial class ConsumerGroupHeartbeatResponseTopicPartitions
{
    public TopicId TopicId { get; set; }
    public int[] Partitions { get; set; } = [];
}
