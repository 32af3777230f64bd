namespace AkkaStream.Protocol.Messages;

// ListOffsets: finds offsets by time, or the ends of the log by negative times: -1 latest, -2 earliest, -3 largest
// timestamp.
//
// v1   Oldest version served: one offset and its timestamp (KIP-79).
// v2   Isolation level: under read_committed the latest is the last stable offset (KIP-98).
// v3   Throttled after the answer (KIP-219).
// v4   Leader epochs, for fencing (KIP-320).
// v5   OFFSET_NOT_AVAILABLE may be answered by a new leader (KIP-207).
// v6   Flexible.
// v7   -3: the record with the largest timestamp (KIP-734).
// v8   -4: the earliest offset on local disk (KIP-405).
// v9   -5: the latest offset in tiered storage (KIP-1005).
// v10  Time-out, because looking into tiered storage may take long (KIP-1075).
// v11  -6: the earliest offset that still waits to be tiered (KIP-1023).

[KafkaRequest(key: 2, versions: "1-11", flexible: "6+")]
public sealed partial class ListOffsetsRequest
{
    // -1 for consumers, -2 for tools.
    public int ReplicaId { get; init; }

    [Versions("2+")] public sbyte IsolationLevel { get; init; }
    public ListOffsetsRequestTopic[] Topics { get; init; } = [];
    [Versions("10+"), Ignorable] public int TimeoutMs { get; init; }
}

public sealed partial class ListOffsetsRequestTopic
{
    public string Name { get; init; } = "";
    public ListOffsetsRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class ListOffsetsRequestPartition
{
    public int PartitionIndex { get; init; }
    [Versions("4+"), Ignorable] public int CurrentLeaderEpoch { get; init; } = -1;

    // Milliseconds since 1970, or one of the negative times above.
    public long Timestamp { get; init; }
}

[KafkaResponse(key: 2, versions: "1-11", flexible: "6+")]
public sealed partial class ListOffsetsResponse
{
    [Versions("2+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public ListOffsetsResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class ListOffsetsResponseTopic
{
    public string Name { get; set; } = "";
    public ListOffsetsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class ListOffsetsResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }

    // -1 where the question was not for a time, or nothing was found.
    public long Timestamp { get; set; } = -1;

    public long Offset { get; set; } = -1;
    [Versions("4+")] public int LeaderEpoch { get; set; } = -1;
}
