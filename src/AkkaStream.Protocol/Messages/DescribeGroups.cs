namespace AkkaStream.Protocol.Messages;

// DescribeGroups: members and state of classic groups.
//
// v0   First version.
// v1   Throttle time (KIP-124).
// v2   Throttled after the answer (KIP-219).
// v3   Allowed operations on request (KIP-430).
// v4   group.instance.id of members (KIP-345).
// v5   Flexible.
// v6   A group that does not exist is GROUP_ID_NOT_FOUND with a text; before it was an empty group in state Dead
//      (KIP-1043).

[KafkaRequest(key: 15, versions: "0-6", flexible: "5+")]
public sealed partial class DescribeGroupsRequest
{
    public string[] Groups { get; init; } = [];
    [Versions("3+")] public bool IncludeAuthorizedOperations { get; init; }
}

[KafkaResponse(key: 15, versions: "0-6", flexible: "5+")]
public sealed partial class DescribeGroupsResponse
{
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public DescribeGroupsResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class DescribeGroupsResponseGroup
{
    public ErrorCode ErrorCode { get; set; }
    [Versions("6+")] public string? ErrorMessage { get; set; }
    public string GroupId { get; set; } = "";
    public string GroupState { get; set; } = "";
    public string ProtocolType { get; set; } = "";
    public string ProtocolData { get; set; } = "";
    public DescribeGroupsResponseMember[] Members { get; set; } = [];
    [Versions("3+")] public int AuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class DescribeGroupsResponseMember
{
    public string MemberId { get; set; } = "";
    [Versions("4+"), Ignorable] public string? GroupInstanceId { get; set; }
    public string ClientId { get; set; } = "";
    public string ClientHost { get; set; } = "";
    public ReadOnlyMemory<byte> MemberMetadata { get; set; }
    public ReadOnlyMemory<byte> MemberAssignment { get; set; }
}
