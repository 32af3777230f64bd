namespace AkkaStream.Protocol.Messages;

// OffsetForLeaderEpoch: where a leader epoch ends: clients and followers learn where logs part (KIP-101).
//
// v2   Oldest version served: current leader epoch, for fencing (KIP-320).
// v3   Replica id; -2 for tools, which may see beyond the high watermark.
// v4   Flexible.

[KafkaRequest(key: 23, versions: "2-4", flexible: "4+")]
public sealed partial class OffsetForLeaderEpochRequest
{
    // -1 for consumers, -2 for tools.
    [Versions("3+"), Ignorable] public int ReplicaId { get; init; } = -2;

    public OffsetForLeaderEpochRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class OffsetForLeaderEpochRequestTopic
{
    [MapKey] public string Topic { get; init; } = "";
    public OffsetForLeaderEpochRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class OffsetForLeaderEpochRequestPartition
{
    public int Partition { get; init; }
    public int CurrentLeaderEpoch { get; init; } = -1;
    public int LeaderEpoch { get; init; }
}

[KafkaResponse(key: 23, versions: "2-4", flexible: "4+")]
public sealed partial class OffsetForLeaderEpochResponse
{
    public int ThrottleTimeMs { get; set; }
    public OffsetForLeaderEpochResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class OffsetForLeaderEpochResponseTopic
{
    [MapKey] public string Topic { get; set; } = "";
    public OffsetForLeaderEpochResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class OffsetForLeaderEpochResponsePartition
{
    public ErrorCode ErrorCode { get; set; }
    public int Partition { get; set; }
    public int LeaderEpoch { get; set; } = -1;

    // Where the epoch ends; -1: it is unknown.
    public long EndOffset { get; set; } = -1;
}
