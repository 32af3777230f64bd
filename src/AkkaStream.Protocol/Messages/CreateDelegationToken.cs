namespace AkkaStream.Protocol.Messages;

// CreateDelegationToken: makes a token that stands for its owner (KIP-48).
//
// v1   Oldest version served.
// v2   Flexible.
// v3   A token may be made for somebody else (KIP-373).

[KafkaRequest(key: 38, versions: "1-3", flexible: "2+")]
public sealed partial class CreateDelegationTokenRequest
{
    [Versions("3+")] public string? OwnerPrincipalType { get; init; } = "";
    [Versions("3+")] public string? OwnerPrincipalName { get; init; } = "";
    public CreateDelegationTokenRequestRenewer[] Renewers { get; init; } = [];
    public long MaxLifetimeMs { get; init; }
}

public sealed partial class CreateDelegationTokenRequestRenewer
{
    public string PrincipalType { get; init; } = "";
    public string PrincipalName { get; init; } = "";
}

[KafkaResponse(key: 38, versions: "1-3", flexible: "2+")]
public sealed partial class CreateDelegationTokenResponse
{
    public ErrorCode ErrorCode { get; set; }
    public string PrincipalType { get; set; } = "";
    public string PrincipalName { get; set; } = "";
    [Versions("3+")] public string TokenRequesterPrincipalType { get; set; } = "";
    [Versions("3+")] public string TokenRequesterPrincipalName { get; set; } = "";
    public long IssueTimestampMs { get; set; }
    public long ExpiryTimestampMs { get; set; }
    public long MaxTimestampMs { get; set; }
    public string TokenId { get; set; } = "";
    public ReadOnlyMemory<byte> Hmac { get; set; }
    public int ThrottleTimeMs { get; set; }
}
