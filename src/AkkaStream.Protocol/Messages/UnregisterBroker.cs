namespace AkkaStream.Protocol.Messages;

// UnregisterBroker: forgets a broker that will not come back (KIP-631).
//
// v0   First version. Flexible.

[KafkaRequest(key: 64, versions: "0", flexible: "0+")]
public sealed partial class UnregisterBrokerRequest
{
    public int BrokerId { get; init; }
}

[KafkaResponse(key: 64, versions: "0", flexible: "0+")]
public sealed partial class UnregisterBrokerResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
