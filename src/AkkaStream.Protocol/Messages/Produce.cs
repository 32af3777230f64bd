namespace AkkaStream.Protocol.Messages;

// Produce: appends batches to partitions. With acks=0 the broker sends no response at all, not even an error.
//
// v3   Oldest version served: batches in format v2, transactional id (KIP-98).
// v4   KAFKA_STORAGE_ERROR may be answered (KIP-112).
// v5   Response tells where the log starts, so that a client can tell lost state from deleted records.
// v6   The broker answers first and holds the connection back afterwards when a quota is exceeded (KIP-219).
// v7   Batches may be compressed with zstd (KIP-110).
// v8   Response names the records that spoiled a batch, and says why (KIP-467).
// v9   Flexible (KIP-482).
// v10  Response may name the present leader and its endpoint (KIP-951).
// v11  TRANSACTION_ABORTABLE may be answered (KIP-890).
// v12  A partition joins the running transaction by being written to; AddPartitionsToTxn is no longer needed
//      (KIP-890).
// v13  Topics by id instead of name (KIP-516).

[KafkaRequest(key: 0, versions: "3-13", flexible: "9+")]
public sealed partial class ProduceRequest
{
    // Null outside of transactions.
    public string? TransactionalId { get; init; }

    // 0: no response; 1: the leader has written; -1: all in-sync replicas have.
    public short Acks { get; init; }

    // How long the broker may wait for the replicas.
    public int TimeoutMs { get; init; }

    public ProduceRequestTopic[] TopicData { get; init; } = [];
}

public sealed partial class ProduceRequestTopic
{
    [Versions("3-12"), Ignorable, MapKey] public string Name { get; init; } = "";
    [Versions("13+"), Ignorable, MapKey] public TopicId TopicId { get; init; }
    public ProduceRequestPartition[] PartitionData { get; init; } = [];
}

public sealed partial class ProduceRequestPartition
{
    public int Index { get; init; }

    // Exactly one batch.
    public ReadOnlyMemory<byte>? Records { get; init; }
}

[KafkaResponse(key: 0, versions: "3-13", flexible: "9+")]
public sealed partial class ProduceResponse
{
    public ProduceResponseTopic[] Responses { get; set; } = [];
    public int ThrottleTimeMs { get; set; }

    // The endpoints of the leaders that the partitions name.
    [Tagged(0, "10+")] public ProduceResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class ProduceResponseTopic
{
    [Versions("3-12"), Ignorable, MapKey] public string Name { get; set; } = "";
    [Versions("13+"), Ignorable, MapKey] public TopicId TopicId { get; set; }
    public ProduceResponsePartition[] PartitionResponses { get; set; } = [];
}

public sealed partial class ProduceResponsePartition
{
    public int Index { get; set; }
    public ErrorCode ErrorCode { get; set; }

    // Of the first record; of the original, where the batch was a repetition.
    public long BaseOffset { get; set; }

    // -1 where the topic keeps the producer's timestamps.
    public long LogAppendTimeMs { get; set; } = -1;

    [Versions("5+"), Ignorable] public long LogStartOffset { get; set; } = -1;
    [Versions("8+"), Ignorable] public ProduceResponseRecordError[] RecordErrors { get; set; } = [];
    [Versions("8+"), Ignorable] public string? ErrorMessage { get; set; }

    // With NOT_LEADER_OR_FOLLOWER: where to go instead.
    [Tagged(0, "10+")] public ProduceResponseLeaderIdAndEpoch? CurrentLeader { get; set; }
}

public sealed partial class ProduceResponseRecordError
{
    public int BatchIndex { get; set; }
    public string? BatchIndexErrorMessage { get; set; }
}

public sealed partial class ProduceResponseLeaderIdAndEpoch
{
    public int LeaderId { get; set; } = -1;
    public int LeaderEpoch { get; set; } = -1;
}

public sealed partial class ProduceResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    public string? Rack { get; set; }
}
