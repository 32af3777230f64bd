namespace AkkaStream.Protocol.Messages;

// IncrementalAlterConfigs: changes single values: 0 set, 1 delete, 2 append, 3 subtract (KIP-339).
//
// v0   First version.
// v1   Flexible.

[KafkaRequest(key: 44, versions: "0-1", flexible: "1+")]
public sealed partial class IncrementalAlterConfigsRequest
{
    public IncrementalAlterConfigsRequestResource[] Resources { get; init; } = [];
    public bool ValidateOnly { get; init; }
}

public sealed partial class IncrementalAlterConfigsRequestResource
{
    [MapKey] public sbyte ResourceType { get; init; }
    [MapKey] public string ResourceName { get; init; } = "";
    public IncrementalAlterConfigsRequestConfig[] Configs { get; init; } = [];
}

public sealed partial class IncrementalAlterConfigsRequestConfig
{
    [MapKey] public string Name { get; init; } = "";

    // 0 set, 1 delete, 2 append, 3 subtract.
    [MapKey] public sbyte ConfigOperation { get; init; }

    // Null to delete.
    public string? Value { get; init; } = "";
}

[KafkaResponse(key: 44, versions: "0-1", flexible: "1+")]
public sealed partial class IncrementalAlterConfigsResponse
{
    public int ThrottleTimeMs { get; set; }
    public IncrementalAlterConfigsResponseResource[] Responses { get; set; } = [];
}

public sealed partial class IncrementalAlterConfigsResponseResource
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public sbyte ResourceType { get; set; }
    public string ResourceName { get; set; } = "";
}
