namespace AkkaStream.Protocol.Messages;

// FetchSnapshot: reads a snapshot of the metadata log (KIP-630).
//
// v0   First version. Flexible.
// v1   Directory id; endpoint of the leader (KIP-853).

[KafkaRequest(key: 59, versions: "0-1", flexible: "0+")]
public sealed partial class FetchSnapshotRequest
{
    [Tagged(0, "0+")] public string? ClusterId { get; init; }
    public int ReplicaId { get; init; } = -1;
    public int MaxBytes { get; init; } = int.MaxValue;
    public FetchSnapshotRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class FetchSnapshotRequestTopic
{
    public string Name { get; init; } = "";
    public FetchSnapshotRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class FetchSnapshotRequestPartition
{
    public int Partition { get; init; }
    public int CurrentLeaderEpoch { get; init; }
    public FetchSnapshotRequestSnapshotId SnapshotId { get; init; } = new();
    public long Position { get; init; }
    [Tagged(0, "1+"), Ignorable] public Uuid ReplicaDirectoryId { get; init; }
}

public sealed partial class FetchSnapshotRequestSnapshotId
{
    public long EndOffset { get; init; }
    public int Epoch { get; init; }
}

[KafkaResponse(key: 59, versions: "0-1", flexible: "0+")]
public sealed partial class FetchSnapshotResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public FetchSnapshotResponseTopic[] Topics { get; set; } = [];
    [Tagged(0, "1+")] public FetchSnapshotResponseNodeEndpoint[] NodeEndpoints { get; set; } = [];
}

public sealed partial class FetchSnapshotResponseTopic
{
    public string Name { get; set; } = "";
    public FetchSnapshotResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class FetchSnapshotResponsePartition
{
    public int Index { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public FetchSnapshotResponseSnapshotId SnapshotId { get; set; } = new();
    [Tagged(0, "0+")] public FetchSnapshotResponseLeaderIdAndEpoch? CurrentLeader { get; set; }
    public long Size { get; set; }
    public long Position { get; set; }
    public ReadOnlyMemory<byte> UnalignedRecords { get; set; }
}

public sealed partial class FetchSnapshotResponseSnapshotId
{
    public long EndOffset { get; set; }
    public int Epoch { get; set; }
}

public sealed partial class FetchSnapshotResponseLeaderIdAndEpoch
{
    public int LeaderId { get; set; }
    public int LeaderEpoch { get; set; }
}

public sealed partial class FetchSnapshotResponseNodeEndpoint
{
    [MapKey] public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public ushort Port { get; set; }
}
