namespace AkkaStream.Protocol.Messages;

// DeleteAcls: deletes the ACLs that match filters.
//
// v1   Oldest version served: pattern type (KIP-290).
// v2   Flexible.
// v3   Users as a resource (KIP-373).

[KafkaRequest(key: 31, versions: "1-3", flexible: "2+")]
public sealed partial class DeleteAclsRequest
{
    public DeleteAclsRequestFilter[] Filters { get; init; } = [];
}

public sealed partial class DeleteAclsRequestFilter
{
    public sbyte ResourceTypeFilter { get; init; }
    public string? ResourceNameFilter { get; init; } = "";
    public sbyte PatternTypeFilter { get; init; } = 3;
    public string? PrincipalFilter { get; init; } = "";
    public string? HostFilter { get; init; } = "";
    public sbyte Operation { get; init; }
    public sbyte PermissionType { get; init; }
}

[KafkaResponse(key: 31, versions: "1-3", flexible: "2+")]
public sealed partial class DeleteAclsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DeleteAclsResponseFilterResult[] FilterResults { get; set; } = [];
}

public sealed partial class DeleteAclsResponseFilterResult
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public DeleteAclsResponseMatchingAcl[] MatchingAcls { get; set; } = [];
}

public sealed partial class DeleteAclsResponseMatchingAcl
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public sbyte ResourceType { get; set; }
    public string ResourceName { get; set; } = "";
    public sbyte PatternType { get; set; } = 3;
    public string Principal { get; set; } = "";
    public string Host { get; set; } = "";
    public sbyte Operation { get; set; }
    public sbyte PermissionType { get; set; }
}
