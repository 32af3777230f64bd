namespace AkkaStream.Protocol.Messages;

// DescribeDelegationToken: lists tokens (KIP-48).
//
// v1   Oldest version served.
// v2   Flexible.
// v3   Who asked for the token (KIP-373).

[KafkaRequest(key: 41, versions: "1-3", flexible: "2+")]
public sealed partial class DescribeDelegationTokenRequest
{
    public DescribeDelegationTokenRequestOwner[]? Owners { get; init; } = [];
}

public sealed partial class DescribeDelegationTokenRequestOwner
{
    public string PrincipalType { get; init; } = "";
    public string PrincipalName { get; init; } = "";
}

[KafkaResponse(key: 41, versions: "1-3", flexible: "2+")]
public sealed partial class DescribeDelegationTokenResponse
{
    public ErrorCode ErrorCode { get; set; }
    public DescribeDelegationTokenResponseToken[] Tokens { get; set; } = [];
    public int ThrottleTimeMs { get; set; }
}

public sealed partial class DescribeDelegationTokenResponseToken
{
    public string PrincipalType { get; set; } = "";
    public string PrincipalName { get; set; } = "";
    [Versions("3+")] public string TokenRequesterPrincipalType { get; set; } = "";
    [Versions("3+")] public string TokenRequesterPrincipalName { get; set; } = "";
    public long IssueTimestamp { get; set; }
    public long ExpiryTimestamp { get; set; }
    public long MaxTimestamp { get; set; }
    public string TokenId { get; set; } = "";
    public ReadOnlyMemory<byte> Hmac { get; set; }
    public DescribeDelegationTokenResponseRenewer[] Renewers { get; set; } = [];
}

public sealed partial class DescribeDelegationTokenResponseRenewer
{
    public string PrincipalType { get; set; } = "";
    public string PrincipalName { get; set; } = "";
}
