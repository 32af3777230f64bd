namespace AkkaStream.Protocol.Messages;

// DescribeAcls: lists ACLs that match a filter.
//
// v1   Oldest version served: pattern type (KIP-290).
// v2   Flexible.
// v3   Users as a resource (KIP-373).

[KafkaRequest(key: 29, versions: "1-3", flexible: "2+")]
public sealed partial class DescribeAclsRequest
{
    // 0 unknown, 1 any, 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user.
    public sbyte ResourceTypeFilter { get; init; }

    public string? ResourceNameFilter { get; init; } = "";

    // 0 unknown, 1 any, 2 whatever matches, 3 literal, 4 prefixed.
    public sbyte PatternTypeFilter { get; init; } = 3;

    public string? PrincipalFilter { get; init; } = "";
    public string? HostFilter { get; init; } = "";

    // 0 unknown, 1 any, 2 all, 3 read, 4 write, 5 create, 6 delete, 7 alter, 8 describe, 9 cluster action, 10
    // describe configs, 11 alter configs, 12 idempotent write, 13 create tokens, 14 describe tokens, 15 two-phase
    // commit.
    public sbyte Operation { get; init; }

    // 0 unknown, 1 any, 2 deny, 3 allow.
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
