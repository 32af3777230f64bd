namespace AkkaStream.Protocol.Messages;

// ListConfigResources: which resources have a configuration of their own.
//
// v0   Client metrics only, under the name ListClientMetricsResources (KIP-1000). Flexible.
// v1   All kinds, by type (KIP-1142).

[KafkaRequest(key: 74, versions: "0-1", flexible: "0+")]
public sealed partial class ListConfigResourcesRequest
{
    [Versions("1+")] public sbyte[] ResourceTypes { get; init; } = [];
}

[KafkaResponse(key: 74, versions: "0-1", flexible: "0+")]
public sealed partial class ListConfigResourcesResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public ListConfigResourcesResponseResource[] ConfigResources { get; set; } = [];
}

public sealed partial class ListConfigResourcesResponseResource
{
    public string ResourceName { get; set; } = "";
    [Versions("1+"), Ignorable] public sbyte ResourceType { get; set; } = 16;
}
