namespace AkkaStream.Protocol.Messages;

// DescribeClientQuotas: quotas that match a filter (KIP-546).
//
// v0   First version.
// v1   Flexible.

[KafkaRequest(key: 48, versions: "0-1", flexible: "1+")]
public sealed partial class DescribeClientQuotasRequest
{
    public DescribeClientQuotasRequestComponent[] Components { get; init; } = [];
    public bool Strict { get; init; }
}

public sealed partial class DescribeClientQuotasRequestComponent
{
    public string EntityType { get; init; } = "";

    // 0 the name in Match, 1 the default, 2 any name.
    public sbyte MatchType { get; init; }

    public string? Match { get; init; } = "";
}

[KafkaResponse(key: 48, versions: "0-1", flexible: "1+")]
public sealed partial class DescribeClientQuotasResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public DescribeClientQuotasResponseEntry[]? Entries { get; set; } = [];
}

public sealed partial class DescribeClientQuotasResponseEntry
{
    public DescribeClientQuotasResponseEntity[] Entity { get; set; } = [];
    public DescribeClientQuotasResponseValue[] Values { get; set; } = [];
}

public sealed partial class DescribeClientQuotasResponseEntity
{
    public string EntityType { get; set; } = "";
    public string? EntityName { get; set; } = "";
}

public sealed partial class DescribeClientQuotasResponseValue
{
    public string Key { get; set; } = "";
    public double Value { get; set; }
}
