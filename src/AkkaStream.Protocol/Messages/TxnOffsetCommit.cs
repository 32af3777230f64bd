namespace AkkaStream.Protocol.Messages;

// TxnOffsetCommit: stores how far a group has read, to count when the transaction commits (KIP-98).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   Leader epoch of the committed offset (KIP-320).
// v3   Flexible. Member, instance and generation, to fence members that are no longer (KIP-447).
// v4   TRANSACTION_ABORTABLE may be answered (KIP-890).
// v5   The group joins the transaction unasked; AddOffsetsToTxn is no longer needed (KIP-890).

[KafkaRequest(key: 28, versions: "0-5", flexible: "3+")]
public sealed partial class TxnOffsetCommitRequest
{
    public string TransactionalId { get; init; } = "";
    public string GroupId { get; init; } = "";
    public long ProducerId { get; init; }
    public short ProducerEpoch { get; init; }
    [Versions("3+")] public int GenerationId { get; init; } = -1;
    [Versions("3+")] public string MemberId { get; init; } = "";
    [Versions("3+")] public string? GroupInstanceId { get; init; }
    public TxnOffsetCommitRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class TxnOffsetCommitRequestTopic
{
    public string Name { get; init; } = "";
    public TxnOffsetCommitRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class TxnOffsetCommitRequestPartition
{
    public int PartitionIndex { get; init; }
    public long CommittedOffset { get; init; }
    [Versions("2+"), Ignorable] public int CommittedLeaderEpoch { get; init; } = -1;
    public string? CommittedMetadata { get; init; } = "";
}

[KafkaResponse(key: 28, versions: "0-5", flexible: "3+")]
public sealed partial class TxnOffsetCommitResponse
{
    public int ThrottleTimeMs { get; set; }
    public TxnOffsetCommitResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class TxnOffsetCommitResponseTopic
{
    public string Name { get; set; } = "";
    public TxnOffsetCommitResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class TxnOffsetCommitResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
