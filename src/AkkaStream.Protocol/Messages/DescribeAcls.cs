namespace AkkaStream.Protocol.Messages;

// DescribeAcls: lists ACLs that match a filter.
//
// v1   Oldest version served: pattern type (KIP-290).
// v2   Flexible.
// v3   Users as a resource (KIP-373).

[KafkaRequest(key: 29, versions: "1-3", flexible: "2+")]
public sealed partial class DescribeAclsRequest
{
    public sbyte ResourceTypeFilter { get; init; }
    public string? ResourceNameFilter { get; init; } = "";
    public sbyte PatternTypeFilter { get; init; } = 3;
    public string? PrincipalFilter { get; init; } = "";
    public string? HostFilter { get; init; } = "";
    public sbyte Operation { get; init; }
    public sbyte PermissionType { get; init; }
}

[KafkaResponse(key: 29, versions: "1-3", flexible: "2+")]
public sealed partial class DescribeAclsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public DescribeAclsResponseResource[] Resources { get; set; } = [];
}

public sealed partial class DescribeAclsResponseResource
{
    public sbyte ResourceType { get; set; }
    public string ResourceName { get; set; } = "";
    public sbyte PatternType { get; set; } = 3;
    public DescribeAclsResponseAcl[] Acls { get; set; } = [];
}

public sealed partial class DescribeAclsResponseAcl
{
    public string Principal { get; set; } = "";
    public string Host { get; set; } = "";
    public sbyte Operation { get; set; }
    public sbyte PermissionType { get; set; }
}
