namespace AkkaStream.Protocol.Messages;

// ShareGroupHeartbeat: a member of a share group: join, stay, leave (KIP-932).
//
// v1   First stable version; v0 was a preview and is gone. Flexible.

[KafkaRequest(key: 76, versions: "1", flexible: "1+")]
public sealed partial class ShareGroupHeartbeatRequest
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";

    // 0 joins, -1 leaves.
    public int MemberEpoch { get; init; }

    public string? RackId { get; init; }
    public string[]? SubscribedTopicNames { get; init; }
}

[KafkaResponse(key: 76, versions: "1", flexible: "1+")]
public sealed partial class ShareGroupHeartbeatResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string? MemberId { get; set; }
    public int MemberEpoch { get; set; }
    public int HeartbeatIntervalMs { get; set; }

    // Null: nothing new.
    public ShareGroupHeartbeatResponseAssignment? Assignment { get; set; }
}

public sealed partial class ShareGroupHeartbeatResponseAssignment
{
    public ShareGroupHeartbeatResponseTopicPartitions[] TopicPartitions { get; set; } = [];
}

public sealed partial class ShareGroupHeartbeatResponseTopicPartitions
{
    public TopicId TopicId { get; set; }
    public int[] Partitions { get; set; } = [];
}
