namespace AkkaStream.Protocol.Messages;

// ShareGroupDescribe: members and state of share groups (KIP-932).
//
// v1   First stable version; v0 was a preview and is gone. Flexible.

[KafkaRequest(key: 77, versions: "1", flexible: "1+")]
public sealed partial class ShareGroupDescribeRequest
{
    public string[] GroupIds { get; init; } = [];
    public bool IncludeAuthorizedOperations { get; init; }
}

[KafkaResponse(key: 77, versions: "1", flexible: "1+")]
public sealed partial class ShareGroupDescribeResponse
{
    public int ThrottleTimeMs { get; set; }
    public ShareGroupDescribeResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class ShareGroupDescribeResponseGroup
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string GroupId { get; set; } = "";
    public string GroupState { get; set; } = "";
    public int GroupEpoch { get; set; }
    public int AssignmentEpoch { get; set; }
    public string AssignorName { get; set; } = "";
    public ShareGroupDescribeResponseMember[] Members { get; set; } = [];
    public int AuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class ShareGroupDescribeResponseMember
{
    public string MemberId { get; set; } = "";
    public string? RackId { get; set; }
    public int MemberEpoch { get; set; }
    public string ClientId { get; set; } = "";
    public string ClientHost { get; set; } = "";
    public string[] SubscribedTopicNames { get; set; } = [];
    public ShareGroupDescribeResponseAssignment Assignment { get; set; } = new();
}

public sealed partial class ShareGroupDescribeResponseAssignment
{
    public ShareGroupDescribeResponseTopicPartitions[] TopicPartitions { get; set; } = [];
}

public sealed partial class ShareGroupDescribeResponseTopicPartitions
{
    public TopicId TopicId { get; set; }
    public string TopicName { get; set; } = "";
    public int[] Partitions { get; set; } = [];
}
