namespace AkkaStream.Protocol.Messages;

// ExpireDelegationToken: ends a token early (KIP-48).
//
// v1   Oldest version served.
// v2   Flexible.

[KafkaRequest(key: 40, versions: "1-2", flexible: "2+")]
public sealed partial class ExpireDelegationTokenRequest
{
    public ReadOnlyMemory<byte> Hmac { get; init; }
    public long ExpiryTimePeriodMs { get; init; }
}

[KafkaResponse(key: 40, versions: "1-2", flexible: "2+")]
public sealed partial class ExpireDelegationTokenResponse
{
    public ErrorCode ErrorCode { get; set; }
    public long ExpiryTimestampMs { get; set; }
    public int ThrottleTimeMs { get; set; }
}
