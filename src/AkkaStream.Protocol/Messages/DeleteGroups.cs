namespace AkkaStream.Protocol.Messages;

// DeleteGroups: deletes groups that have no members (KIP-229).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   Flexible.

[KafkaRequest(key: 42, versions: "0-2", flexible: "2+")]
public sealed partial class DeleteGroupsRequest
{
    public string[] GroupsNames { get; init; } = [];
}

[KafkaResponse(key: 42, versions: "0-2", flexible: "2+")]
public sealed partial class DeleteGroupsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DeleteGroupsResponseGroup[] Results { get; set; } = [];
}

public sealed partial class DeleteGroupsResponseGroup
{
    [MapKey] public string GroupId { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
}
