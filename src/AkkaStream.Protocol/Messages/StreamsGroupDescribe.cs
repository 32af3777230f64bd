namespace AkkaStream.Protocol.Messages;

// StreamsGroupDescribe: members, topology and state of Streams groups (KIP-1071).
//
// v0   First version. Flexible.

[KafkaRequest(key: 89, versions: "0", flexible: "0+")]
public sealed partial class StreamsGroupDescribeRequest
{
    public string[] GroupIds { get; init; } = [];
    public bool IncludeAuthorizedOperations { get; init; }
}

[KafkaResponse(key: 89, versions: "0", flexible: "0+")]
public sealed partial class StreamsGroupDescribeResponse
{
    public int ThrottleTimeMs { get; set; }
    public StreamsGroupDescribeResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class StreamsGroupDescribeResponseGroup
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public string GroupId { get; set; } = "";
    public string GroupState { get; set; } = "";
    public int GroupEpoch { get; set; }
    public int AssignmentEpoch { get; set; }
    public StreamsGroupDescribeResponseTopology? Topology { get; set; }
    public StreamsGroupDescribeResponseMember[] Members { get; set; } = [];
    public int AuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class StreamsGroupDescribeResponseTopology
{
    public int Epoch { get; set; }
    public StreamsGroupDescribeResponseSubtopology[]? Subtopologies { get; set; }
}

public sealed partial class StreamsGroupDescribeResponseSubtopology
{
    public string SubtopologyId { get; set; } = "";
    public string[] SourceTopics { get; set; } = [];
    public string[] RepartitionSinkTopics { get; set; } = [];
    public StreamsGroupDescribeResponseTopic[] StateChangelogTopics { get; set; } = [];
    public StreamsGroupDescribeResponseTopic[] RepartitionSourceTopics { get; set; } = [];
}

public sealed partial class StreamsGroupDescribeResponseTopic
{
    public string Name { get; set; } = "";
    public int Partitions { get; set; }
    public short ReplicationFactor { get; set; }
    public StreamsGroupDescribeResponseKeyValue[] TopicConfigs { get; set; } = [];
}

public sealed partial class StreamsGroupDescribeResponseKeyValue
{
    public string Key { get; set; } = "";
    public string Value { get; set; } = "";
}

public sealed partial class StreamsGroupDescribeResponseMember
{
    public string MemberId { get; set; } = "";
    public int MemberEpoch { get; set; }
    public string? InstanceId { get; set; }
    public string? RackId { get; set; }
    public string ClientId { get; set; } = "";
    public string ClientHost { get; set; } = "";
    public int TopologyEpoch { get; set; }
    public string ProcessId { get; set; } = "";
    public StreamsGroupDescribeResponseEndpoint? UserEndpoint { get; set; }
    public StreamsGroupDescribeResponseKeyValue[] ClientTags { get; set; } = [];
    public StreamsGroupDescribeResponseTaskOffset[] TaskOffsets { get; set; } = [];
    public StreamsGroupDescribeResponseTaskOffset[] TaskEndOffsets { get; set; } = [];
    public StreamsGroupDescribeResponseAssignment Assignment { get; set; } = new();
    public StreamsGroupDescribeResponseAssignment TargetAssignment { get; set; } = new();
    public bool IsClassic { get; set; }
}

public sealed partial class StreamsGroupDescribeResponseEndpoint
{
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}

public sealed partial class StreamsGroupDescribeResponseTaskOffset
{
    public string SubtopologyId { get; set; } = "";
    public int Partition { get; set; }
    public long Offset { get; set; }
}

public sealed partial class StreamsGroupDescribeResponseAssignment
{
    public StreamsGroupDescribeResponseTaskIds[] ActiveTasks { get; set; } = [];
    public StreamsGroupDescribeResponseTaskIds[] StandbyTasks { get; set; } = [];
    public StreamsGroupDescribeResponseTaskIds[] WarmupTasks { get; set; } = [];
}

public sealed partial class StreamsGroupDescribeResponseTaskIds
{
    public string SubtopologyId { get; set; } = "";
    public int[] Partitions { get; set; } = [];
}
