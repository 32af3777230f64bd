namespace AkkaStream.Protocol.Messages;

// RenewDelegationToken: prolongs a token (KIP-48).
//
// v1   Oldest version served.
// v2   Flexible.

[KafkaRequest(key: 39, versions: "1-2", flexible: "2+")]
public sealed partial class RenewDelegationTokenRequest
{
    public ReadOnlyMemory<byte> Hmac { get; init; }
    public long RenewPeriodMs { get; init; }
}

[KafkaResponse(key: 39, versions: "1-2", flexible: "2+")]
public sealed partial class RenewDelegationTokenResponse
{
    public ErrorCode ErrorCode { get; set; }
    public long ExpiryTimestampMs { get; set; }
    public int ThrottleTimeMs { get; set; }
}
