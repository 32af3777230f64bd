namespace AkkaStream.Protocol.Messages;

// AddPartitionsToTxn: tells the transaction coordinator which partitions will be written (KIP-98).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   PRODUCER_FENCED may be answered (KIP-588).
// v3   Flexible. The last version that clients send.
// v4   Sent by brokers: many transactions at once, or only a check whether partitions belong to them (KIP-890).
// v5   TRANSACTION_ABORTABLE may be answered (KIP-890).

[KafkaRequest(key: 24, versions: "0-5", flexible: "3+")]
public sealed partial class AddPartitionsToTxnRequest
{
    [Versions("4+")] public AddPartitionsToTxnRequestTransaction[] Transactions { get; init; } = [];
    [Versions("0-3")] public string V3AndBelowTransactionalId { get; init; } = "";
    [Versions("0-3")] public long V3AndBelowProducerId { get; init; }
    [Versions("0-3")] public short V3AndBelowProducerEpoch { get; init; }
    [Versions("0-3")] public AddPartitionsToTxnRequestTopic[] V3AndBelowTopics { get; init; } = [];
}

public sealed partial class AddPartitionsToTxnRequestTransaction
{
    [MapKey] public string TransactionalId { get; init; } = "";
    public long ProducerId { get; init; }
    public short ProducerEpoch { get; init; }

    // Only ask whether the partitions belong to the transaction.
    public bool VerifyOnly { get; init; }

    public AddPartitionsToTxnRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class AddPartitionsToTxnRequestTopic
{
    [MapKey] public string Name { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 24, versions: "0-5", flexible: "3+")]
public sealed partial class AddPartitionsToTxnResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("4+"), Ignorable] public ErrorCode ErrorCode { get; set; }
    [Versions("4+")] public AddPartitionsToTxnResponseTransaction[] ResultsByTransaction { get; set; } = [];
    [Versions("0-3")] public AddPartitionsToTxnResponseTopic[] ResultsByTopicV3AndBelow { get; set; } = [];
}

public sealed partial class AddPartitionsToTxnResponseTransaction
{
    [MapKey] public string TransactionalId { get; set; } = "";
    public AddPartitionsToTxnResponseTopic[] TopicResults { get; set; } = [];
}

public sealed partial class AddPartitionsToTxnResponseTopic
{
    [MapKey] public string Name { get; set; } = "";
    public AddPartitionsToTxnResponsePartition[] ResultsByPartition { get; set; } = [];
}

public sealed partial class AddPartitionsToTxnResponsePartition
{
    [MapKey] public int PartitionIndex { get; set; }
    public ErrorCode PartitionErrorCode { get; set; }
}
