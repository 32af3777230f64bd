namespace AkkaStream.Protocol.Messages;

// AllocateProducerIds: a broker fetches a block of producer ids from the controller (KIP-730).
//
// v0   First version. Flexible.

[KafkaRequest(key: 67, versions: "0", flexible: "0+")]
public sealed partial class AllocateProducerIdsRequest
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; } = -1;
}

[KafkaResponse(key: 67, versions: "0", flexible: "0+")]
public sealed partial class AllocateProducerIdsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public long ProducerIdStart { get; set; }
    public int ProducerIdLen { get; set; }
}
