namespace AkkaStream.Protocol.Messages;

// DescribeCluster: brokers, controller and cluster id (KIP-700).
//
// v0   First version. Flexible.
// v1   Brokers or controllers may be asked for (KIP-919).
// v2   Fenced brokers on request (KIP-1073).

[KafkaRequest(key: 60, versions: "0-2", flexible: "0+")]
public sealed partial class DescribeClusterRequest
{
    public bool IncludeClusterAuthorizedOperations { get; init; }

    // 1 brokers, 2 controllers.
    [Versions("1+")] public sbyte EndpointType { get; init; } = 1;

    [Versions("2+")] public bool IncludeFencedBrokers { get; init; }
}

[KafkaResponse(key: 60, versions: "0-2", flexible: "0+")]
public sealed partial class DescribeClusterResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    [Versions("1+")] public sbyte EndpointType { get; set; } = 1;
    public string ClusterId { get; set; } = "";
    public int ControllerId { get; set; } = -1;
    public DescribeClusterResponseBroker[] Brokers { get; set; } = [];
    public int ClusterAuthorizedOperations { get; set; } = int.MinValue;
}

public sealed partial class DescribeClusterResponseBroker
{
    [MapKey] public int BrokerId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    public string? Rack { get; set; }
    [Versions("2+")] public bool IsFenced { get; set; }
}
