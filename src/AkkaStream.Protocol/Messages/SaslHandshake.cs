namespace AkkaStream.Protocol.Messages;

// SaslHandshake: chooses the SASL mechanism. Its version cannot rise: old clients choose it wrongly (KAFKA-9577).
//
// v0   Raw tokens follow, outside of Kafka's framing.
// v1   SaslAuthenticate requests follow (KIP-152).

[KafkaRequest(key: 17, versions: "0-1", flexible: "none")]
public sealed partial class SaslHandshakeRequest
{
    public string Mechanism { get; init; } = "";
}

[KafkaResponse(key: 17, versions: "0-1", flexible: "none")]
public sealed partial class SaslHandshakeResponse
{
    public ErrorCode ErrorCode { get; set; }

    // What the broker offers, told with an error too.
    public string[] Mechanisms { get; set; } = [];
}
