namespace AkkaStream.Protocol.Messages;

// Fetch: reads batches. Consumers and followers send the same request; a follower tells its replica id.
//
// v4   Oldest version served: isolation level and aborted transactions (KIP-98).
// v5   A follower tells its log start, the response the leader's (KIP-107).
// v6   KAFKA_STORAGE_ERROR may be answered (KIP-112).
// v7   Fetch sessions: only what changed is asked and answered (KIP-227).
// v8   Throttled after the answer (KIP-219).
// v9   Current leader epoch, for fencing (KIP-320).
// v10  zstd may be in the answer (KIP-110).
// v11  Rack of the consumer; the answer may point to a nearer replica (KIP-392).
// v12  Flexible. The epoch of the last record fetched goes along; the answer may tell where logs part (KIP-595).
// v13  Topics by id instead of name (KIP-516).
// v14  OFFSET_MOVED_TO_TIERED_STORAGE may be answered (KIP-405).
// v15  The replica id moves into a tagged structure together with the broker's epoch (KIP-903).
// v16  Response carries the endpoints of the leaders that it names (KIP-951).
// v17  Directory id of the replica (KIP-853).
// v18  The follower tells the high watermark it knows (KIP-1166).

[KafkaRequest(key: 1, versions: "4-18", flexible: "12+")]
public sealed partial class FetchRequest
{
    [Tagged(0, "12+"), Ignorable] public string? ClusterId { get; init; }

    // -1 for consumers. From v15 in ReplicaState.
    [Versions("4-14")] public int ReplicaId { get; init; } = -1;

    [Tagged(1, "15+")] public FetchRequestReplicaState? ReplicaState { get; init; }
    public int MaxWaitMs { get; init; }

    // Wait until so many bytes are there, or MaxWaitMs has passed.
    public int MinBytes { get; init; }

    // A wish: the first batch is sent even if it is larger.
    public int MaxBytes { get; init; } = int.MaxValue;

    // 0: all records up to the high watermark; 1: only up to the last stable offset.
    public sbyte IsolationLevel { get; init; }

    // 0 asks for a new session, or for none with epoch -1.
    [Versions("7+"), Ignorable] public int SessionId { get; init; }

    // -1: no session; 0: a new one; else one more than in the last request.
    [Versions("7+"), Ignorable] public int SessionEpoch { get; init; } = -1;

    public FetchRequestTopic[] Topics { get; init; } = [];

    // Partitions to drop from the session.
    [Versions("7+")] public FetchRequestForgottenTopic[] ForgottenTopicsData { get; init; } = [];

    [Versions("11+"), Ignorable] public string RackId { get; init; } = "";
}

public sealed partial class FetchRequestReplicaState
{
    public int ReplicaId { get; init; } = -1;
    public long ReplicaEpoch { get; init; } = -1;
}

public sealed partial class FetchRequestTopic
{
    [Versions("4-12"), Ignorable] public string Topic { get; init; } = "";
    [Versions("13+"), Ignorable] public TopicId TopicId { get; init; }
    public FetchRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class FetchRequestPartition
{
    public int Partition { get; init; }

    // -1: the client does not know and is not fenced.
    [Versions("9+"), Ignorable] public int CurrentLeaderEpoch { get; init; } = -1;

    public long FetchOffset { get; init; }

    // Epoch of the follower's last record: the leader compares it with its own history.
    [Versions("12+")] public int LastFetchedEpoch { get; init; } = -1;

    // The follower's own; -1 from consumers.
    [Versions("5+"), Ignorable] public long LogStartOffset { get; init; } = -1;

    public int PartitionMaxBytes { get; init; }
    [Tagged(0, "17+"), Ignorable] public Uuid ReplicaDirectoryId { get; init; }

    // The follower's own; the leader answers at once if its own is higher. Largest number: not told.
    [Tagged(1, "18+"), Ignorable] public long HighWatermark { get; init; } = long.MaxValue;
}

public sealed partial class FetchRequestForgottenTopic
{
    [Versions("7-12"), Ignorable] public string Topic { get; init; } = "";
    [Versions("13+"), Ignorable] public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 1, versions: "4-18", flexible: "12+")]
public sealed partial class FetchResponse
{
    public int ThrottleTimeMs { get; set; }
    [Versions("7+"), Ignorable] public ErrorCode ErrorCode { get; set; }

    // 0: no session was made.
    [Versions("7+")] public int SessionId { get; set; }

    public FetchResponseTopic[] Responses { get; set; } = [];
    [Tagged(0, "16+")] public FetchResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class FetchResponseTopic
{
    [Versions("4-12"), Ignorable] public string Topic { get; set; } = "";
    [Versions("13+"), Ignorable] public TopicId TopicId { get; set; }
    public FetchResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class FetchResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public long HighWatermark { get; set; }
    public long LastStableOffset { get; set; } = -1;
    [Versions("5+"), Ignorable] public long LogStartOffset { get; set; } = -1;

    // The follower's log parts from ours here; it truncates and asks again.
    [Tagged(0, "12+")] public FetchResponseEpochEndOffset? DivergingEpoch { get; set; }

    // With NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH: where to go instead.
    [Tagged(1, "12+")] public FetchResponseLeaderIdAndEpoch? CurrentLeader { get; set; }

    // Metadata log only: begin with this snapshot.
    [Tagged(2, "12+")] public FetchResponseSnapshotId? SnapshotId { get; set; }

    // Null unless the request asked for committed records only.
    public FetchResponseAbortedTransaction[]? AbortedTransactions { get; set; } = [];

    // A nearer replica to read from; -1 for none.
    [Versions("11+")] public int PreferredReadReplica { get; set; } = -1;

    public ReadOnlyMemory<byte>? Records { get; set; }
}

public sealed partial class FetchResponseEpochEndOffset
{
    public int Epoch { get; set; } = -1;
    public long EndOffset { get; set; } = -1;
}

public sealed partial class FetchResponseLeaderIdAndEpoch
{
    public int LeaderId { get; set; } = -1;
    public int LeaderEpoch { get; set; } = -1;
}

public sealed partial class FetchResponseSnapshotId
{
    public long EndOffset { get; set; } = -1;
    public int Epoch { get; set; } = -1;
}

public sealed partial class FetchResponseAbortedTransaction
{
    public long ProducerId { get; set; }
    public long FirstOffset { get; set; }
}

public sealed partial class FetchResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    public string? Rack { get; set; }
}
