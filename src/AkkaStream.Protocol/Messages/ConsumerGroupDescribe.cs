namespace AkkaStream.Protocol.Messages;

// ConsumerGroupDescribe: members and state of groups of the consumer protocol (KIP-848).
//
// v0   First version. Flexible.
// v1   Which protocol each member speaks (KIP-1099).

[KafkaRequest(key: 69, versions: "0-1", flexible: "0+")]
public sealed partial class ConsumerGroupDescribeRequest
{
    public string[] GroupIds { get; init; } = [];
    public bool IncludeAuthorizedOperations { get; init; }
}

[KafkaResponse(key: 69, versions: "0-1", flexible: "0+")]
public sealed partial class ConsumerGroupDescribeResponse
{
    public int ThrottleTimeMs { get; set; }
    public ConsumerGroupDescribeResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class ConsumerGroupDescribeResponseGroup
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string GroupId { get; set; } = "";
    public string GroupState { get; set; } = "";
    public int GroupEpoch { get; set; }
    public int AssignmentEpoch { get; set; }
    public string AssignorName { get; set; } = "";
    public ConsumerGroupDescribeResponseMember[] Members { get; set; } = [];
    public int AuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class ConsumerGroupDescribeResponseMember
{
    public string MemberId { get; set; } = "";
    public string? InstanceId { get; set; }
    public string? RackId { get; set; }
    public int MemberEpoch { get; set; }
    public string ClientId { get; set; } = "";
    public string ClientHost { get; set; } = "";
    public string[] SubscribedTopicNames { get; set; } = [];
    public string? SubscribedTopicRegex { get; set; }
    public ConsumerGroupDescribeResponseAssignment Assignment { get; set; } = new();
    public ConsumerGroupDescribeResponseAssignment TargetAssignment { get; set; } = new();

    // 0 classic protocol, 1 consumer protocol, -1 unknown.
    [Versions("1+"), Ignorable] public sbyte MemberType { get; set; } = -1;
}

public sealed partial class ConsumerGroupDescribeResponseAssignment
{
    public ConsumerGroupDescribeResponseTopicPartitions[] TopicPartitions { get; set; } = [];
}

public sealed partial class ConsumerGroupDescribeResponseTopicPartitions
{
    public TopicId TopicId { get; set; }
    public string TopicName { get; set; } = "";
    public int[] Partitions { get; set; } = [];
}
