namespace AkkaStream.Protocol.Messages;

// InitProducerId: hands out a producer id and epoch (KIP-98).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   Flexible.
// v3   The producer tells its id and epoch, and may go on with the next epoch after an error (KIP-360).
// v4   PRODUCER_FENCED may be answered (KIP-588).
// v5   TRANSACTION_ABORTABLE may be answered (KIP-890).
// v6   Two-phase commit; not stable yet and not told to clients (KIP-939).

[KafkaRequest(key: 22, versions: "0-6", flexible: "2+", Stable = "0-5")]
public sealed partial class InitProducerIdRequest
{
    // Null for a producer that is idempotent only.
    public string? TransactionalId { get; init; } = "";

    public int TransactionTimeoutMs { get; init; }

    // -1: a new one is wanted.
    [Versions("3+")] public long ProducerId { get; init; } = -1;

    [Versions("3+")] public short ProducerEpoch { get; init; } = -1;
    [Versions("6+")] public bool Enable2Pc { get; init; }
    [Versions("6+")] public bool KeepPreparedTxn { get; init; }
}

[KafkaResponse(key: 22, versions: "0-6", flexible: "2+")]
public sealed partial class InitProducerIdResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public long ProducerId { get; set; } = -1;
    public short ProducerEpoch { get; set; }
    [Versions("6+")] public long OngoingTxnProducerId { get; set; } = -1;
    [Versions("6+")] public short OngoingTxnProducerEpoch { get; set; } = -1;
}
