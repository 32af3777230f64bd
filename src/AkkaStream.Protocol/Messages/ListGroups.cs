namespace AkkaStream.Protocol.Messages;

// ListGroups: the groups that this broker coordinates.
//
// v0   First version.
// v1   Throttle time (KIP-124).
// v2   Throttled after the answer (KIP-219).
// v3   Flexible.
// v4   Filter by state, and the state in the answer (KIP-518).
// v5   Filter by type, and the type in the answer (KIP-848).

[KafkaRequest(key: 16, versions: "0-5", flexible: "3+")]
public sealed partial class ListGroupsRequest
{
    [Versions("4+")] public string[] StatesFilter { get; init; } = [];
    [Versions("5+")] public string[] TypesFilter { get; init; } = [];
}

[KafkaResponse(key: 16, versions: "0-5", flexible: "3+")]
public sealed partial class ListGroupsResponse
{
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public ListGroupsResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class ListGroupsResponseGroup
{
    public string GroupId { get; set; } = "";
    public string ProtocolType { get; set; } = "";
    [Versions("4+"), Ignorable] public string GroupState { get; set; } = "";
    [Versions("5+"), Ignorable] public string GroupType { get; set; } = "";
}
