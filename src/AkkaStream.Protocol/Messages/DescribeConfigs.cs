namespace AkkaStream.Protocol.Messages;

// DescribeConfigs: configuration of topics, brokers, loggers, groups, client metrics.
//
// v1   Oldest version served: source of each value and its synonyms (KIP-226).
// v2   Throttled after the answer (KIP-219).
// v3   Type, and documentation on request (KIP-569).
// v4   Flexible.

[KafkaRequest(key: 32, versions: "1-4", flexible: "4+")]
public sealed partial class DescribeConfigsRequest
{
    public DescribeConfigsRequestResource[] Resources { get; init; } = [];
    public bool IncludeSynonyms { get; init; }
    [Versions("3+")] public bool IncludeDocumentation { get; init; }
}

public sealed partial class DescribeConfigsRequestResource
{
    // 2 topic, 4 broker, 8 broker logger, 16 client metrics, 32 group.
    public sbyte ResourceType { get; init; }

    public string ResourceName { get; init; } = "";

    // Null for all.
    public string[]? ConfigurationKeys { get; init; } = [];
}

[KafkaResponse(key: 32, versions: "1-4", flexible: "4+")]
public sealed partial class DescribeConfigsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DescribeConfigsResponseResource[] Results { get; set; } = [];
}

public sealed partial class DescribeConfigsResponseResource
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public sbyte ResourceType { get; set; }
    public string ResourceName { get; set; } = "";
    public DescribeConfigsResponseConfig[] Configs { get; set; } = [];
}

public sealed partial class DescribeConfigsResponseConfig
{
    public string Name { get; set; } = "";

    // Null for what is secret.
    public string? Value { get; set; } = "";

    public bool ReadOnly { get; set; }

    // 1 topic, 2 broker, 3 default of all brokers, 4 server.properties, 5 built in, 6 logger, 7 client metrics, 8
    // group.
    public sbyte ConfigSource { get; set; } = -1;

    public bool IsSensitive { get; set; }
    public DescribeConfigsResponseSynonym[] Synonyms { get; set; } = [];

    // 0 unknown, 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password.
    [Versions("3+"), Ignorable] public sbyte ConfigType { get; set; }

    [Versions("3+"), Ignorable] public string? Documentation { get; set; } = "";
}

public sealed partial class DescribeConfigsResponseSynonym
{
    public string Name { get; set; } = "";
    public string? Value { get; set; } = "";
    public sbyte Source { get; set; }
}
