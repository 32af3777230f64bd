namespace AkkaStream.Protocol.Messages;

// CreateAcls: creates ACLs.
//
// v1   Oldest version served: pattern type (KIP-290).
// v2   Flexible.
// v3   Users as a resource (KIP-373).

[KafkaRequest(key: 30, versions: "1-3", flexible: "2+")]
public sealed partial class CreateAclsRequest
{
    public CreateAclsRequestCreation[] Creations { get; init; } = [];
}

public sealed partial class CreateAclsRequestCreation
{
    public sbyte ResourceType { get; init; }
    public string ResourceName { get; init; } = "";
    public sbyte ResourcePatternType { get; init; } = 3;
    public string Principal { get; init; } = "";
    public string Host { get; init; } = "";
    public sbyte Operation { get; init; }
    public sbyte PermissionType { get; init; }
}

[KafkaResponse(key: 30, versions: "1-3", flexible: "2+")]
public sealed partial class CreateAclsResponse
{
    public int ThrottleTimeMs { get; set; }
    public CreateAclsResponseResult[] Results { get; set; } = [];
}

public sealed partial class CreateAclsResponseResult
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
