namespace AkkaStream.Protocol.Stored;

// A transactional id: its producer, its state, and the partitions of the open transaction. In __transaction_state. No
// value: the id has expired.
//
// v0   First version.
// v1   Flexible; previous and next producer id for a change of epoch that crosses ids (KIP-890).

[KafkaStored(StoredKind.TransactionKey, versions: "0", flexible: "none", Id = 0)]
public sealed partial class TransactionLogKey
{
    public string TransactionalId { get; init; } = "";
}

[KafkaStored(StoredKind.TransactionValue, versions: "0-1", flexible: "1+", Id = 0)]
public sealed partial class TransactionLogValue
{
    public long ProducerId { get; init; }
    [Tagged(0, "1+")] public long PreviousProducerId { get; init; } = -1;
    [Tagged(1, "1+")] public long NextProducerId { get; init; } = -1;
    public short ProducerEpoch { get; init; }
    [Tagged(3, "1+")] public short NextProducerEpoch { get; init; } = -1;
    public int TransactionTimeoutMs { get; init; }

    // 0 empty, 1 ongoing, 2 prepare commit, 3 prepare abort, 4 complete commit, 5 complete abort, 6 dead, 7 prepare
    // epoch fence.
    public sbyte TransactionStatus { get; init; }

    public TransactionLogValuePartitions[]? TransactionPartitions { get; init; } = [];
    public long TransactionLastUpdateTimestampMs { get; init; }
    public long TransactionStartTimestampMs { get; init; }
    [Tagged(2, "1+")] public short ClientTransactionVersion { get; init; }
}

public sealed partial class TransactionLogValuePartitions
{
    public string Topic { get; init; } = "";
    public int[] PartitionIds { get; init; } = [];
}
