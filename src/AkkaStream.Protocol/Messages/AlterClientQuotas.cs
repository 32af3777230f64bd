namespace AkkaStream.Protocol.Messages;

// AlterClientQuotas: sets and removes quotas (KIP-546).
//
// v0   First version.
// v1   Flexible.

[KafkaRequest(key: 49, versions: "0-1", flexible: "1+")]
public sealed partial class AlterClientQuotasRequest
{
    public AlterClientQuotasRequestEntry[] Entries { get; init; } = [];
    public bool ValidateOnly { get; init; }
}

public sealed partial class AlterClientQuotasRequestEntry
{
    public AlterClientQuotasRequestEntity[] Entity { get; init; } = [];
    public AlterClientQuotasRequestOp[] Ops { get; init; } = [];
}

public sealed partial class AlterClientQuotasRequestEntity
{
    public string EntityType { get; init; } = "";

    // Null for the default of its type.
    public string? EntityName { get; init; } = "";
}

public sealed partial class AlterClientQuotasRequestOp
{
    public string Key { get; init; } = "";
    public double Value { get; init; }
    public bool Remove { get; init; }
}

[KafkaResponse(key: 49, versions: "0-1", flexible: "1+")]
public sealed partial class AlterClientQuotasResponse
{
    public int ThrottleTimeMs { get; set; }
    public AlterClientQuotasResponseEntry[] Entries { get; set; } = [];
}

public sealed partial class AlterClientQuotasResponseEntry
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public AlterClientQuotasResponseEntity[] Entity { get; set; } = [];
}

public sealed partial class AlterClientQuotasResponseEntity
{
    public string EntityType { get; set; } = "";
    public string? EntityName { get; set; } = "";
}
