namespace AkkaStream.Protocol.Messages;

// EndTxn: commits or aborts (KIP-98).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   PRODUCER_FENCED may be answered (KIP-588).
// v3   Flexible.
// v4   TRANSACTION_ABORTABLE may be answered (KIP-890).
// v5   Every transaction has its own epoch: the answer brings producer id and epoch of the next (KIP-890).

[KafkaRequest(key: 26, versions: "0-5", flexible: "3+")]
public sealed partial class EndTxnRequest
{
    public string TransactionalId { get; init; } = "";
    public long ProducerId { get; init; }
    public short ProducerEpoch { get; init; }

    // False aborts.
    public bool Committed { get; init; }
}

[KafkaResponse(key: 26, versions: "0-5", flexible: "3+")]
public sealed partial class EndTxnResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("5+"), Ignorable] public long ProducerId { get; set; } = -1;
    [Versions("5+"), Ignorable] public short ProducerEpoch { get; set; } = -1;
}
