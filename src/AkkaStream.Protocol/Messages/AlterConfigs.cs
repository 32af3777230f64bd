namespace AkkaStream.Protocol.Messages;

// AlterConfigs: replaces the whole configuration of a resource (KIP-133). New clients use IncrementalAlterConfigs.
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   Flexible.

[KafkaRequest(key: 33, versions: "0-2", flexible: "2+")]
public sealed partial class AlterConfigsRequest
{
    public AlterConfigsRequestResource[] Resources { get; init; } = [];
    public bool ValidateOnly { get; init; }
}

public sealed partial class AlterConfigsRequestResource
{
    [MapKey] public sbyte ResourceType { get; init; }
    [MapKey] public string ResourceName { get; init; } = "";
    public AlterConfigsRequestConfig[] Configs { get; init; } = [];
}

public sealed partial class AlterConfigsRequestConfig
{
    [MapKey] public string Name { get; init; } = "";
    public string? Value { get; init; } = "";
}

[KafkaResponse(key: 33, versions: "0-2", flexible: "2+")]
public sealed partial class AlterConfigsResponse
{
    public int ThrottleTimeMs { get; set; }
    public AlterConfigsResponseResource[] Responses { get; set; } = [];
}

public sealed partial class AlterConfigsResponseResource
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public sbyte ResourceType { get; set; }
    public string ResourceName { get; set; } = "";
}
