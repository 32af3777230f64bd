namespace AkkaStream.Protocol.Messages;

// AddOffsetsToTxn: tells the transaction coordinator that offsets of a group will be committed in the transaction
// (KIP-98).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   PRODUCER_FENCED may be answered (KIP-588).
// v3   Flexible.
// v4   TRANSACTION_ABORTABLE may be answered (KIP-890).

[KafkaRequest(key: 25, versions: "0-4", flexible: "3+")]
public sealed partial class AddOffsetsToTxnRequest
{
    public string TransactionalId { get; init; } = "";
    public long ProducerId { get; init; }
    public short ProducerEpoch { get; init; }
    public string GroupId { get; init; } = "";
}

[KafkaResponse(key: 25, versions: "0-4", flexible: "3+")]
public sealed partial class AddOffsetsToTxnResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
