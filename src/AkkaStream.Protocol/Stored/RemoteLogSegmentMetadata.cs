namespace AkkaStream.Protocol.Stored;

// A segment in tiered storage: its copying began, its state changed, and the same in a snapshot. In
// __remote_log_metadata (KIP-405).

[KafkaStored(StoredKind.RemoteLog, versions: "0", flexible: "0+", Id = 0)]
public sealed partial class RemoteLogSegmentMetadataRecord
{
    public RemoteLogSegmentMetadataRecordSegmentId RemoteLogSegmentId { get; init; } = new();
    public long StartOffset { get; init; }
    public long EndOffset { get; init; }
    public int BrokerId { get; init; }
    public long MaxTimestampMs { get; init; }
    public long EventTimestampMs { get; init; }
    public RemoteLogSegmentMetadataRecordLeaderEpoch[] SegmentLeaderEpochs { get; init; } = [];
    public int SegmentSizeInBytes { get; init; }
    public ReadOnlyMemory<byte>? CustomMetadata { get; init; }

    // 0 copying, 1 copied, 2 deleting, 3 deleted.
    public sbyte RemoteLogSegmentState { get; init; }

    [Tagged(0, "0+")] public bool TxnIndexEmpty { get; init; }
}

public sealed partial class RemoteLogSegmentMetadataRecordSegmentId
{
    public RemoteLogSegmentMetadataRecordPartition TopicIdPartition { get; init; } = new();
    public Uuid Id { get; init; }
}

public sealed partial class RemoteLogSegmentMetadataRecordPartition
{
    public string Name { get; init; } = "";
    public Uuid Id { get; init; }
    public int Partition { get; init; }
}

public sealed partial class RemoteLogSegmentMetadataRecordLeaderEpoch
{
    public int LeaderEpoch { get; init; }
    public long Offset { get; init; }
}

[KafkaStored(StoredKind.RemoteLog, versions: "0", flexible: "0+", Id = 1)]
public sealed partial class RemoteLogSegmentMetadataUpdateRecord
{
    public RemoteLogSegmentMetadataUpdateRecordSegmentId RemoteLogSegmentId { get; init; } = new();
    public int BrokerId { get; init; }
    public long EventTimestampMs { get; init; }
    public ReadOnlyMemory<byte>? CustomMetadata { get; init; }
    public sbyte RemoteLogSegmentState { get; init; }
}

public sealed partial class RemoteLogSegmentMetadataUpdateRecordSegmentId
{
    public RemoteLogSegmentMetadataUpdateRecordPartition TopicIdPartition { get; init; } = new();
    public Uuid Id { get; init; }
}

public sealed partial class RemoteLogSegmentMetadataUpdateRecordPartition
{
    public string Name { get; init; } = "";
    public Uuid Id { get; init; }
    public int Partition { get; init; }
}

[KafkaStored(StoredKind.RemoteLog, versions: "0", flexible: "0+", Id = 3)]
public sealed partial class RemoteLogSegmentMetadataSnapshotRecord
{
    public Uuid SegmentId { get; init; }
    public long StartOffset { get; init; }
    public long EndOffset { get; init; }
    public int BrokerId { get; init; }
    public long MaxTimestampMs { get; init; }
    public long EventTimestampMs { get; init; }
    public RemoteLogSegmentMetadataSnapshotRecordLeaderEpoch[] SegmentLeaderEpochs { get; init; } = [];
    public int SegmentSizeInBytes { get; init; }
    public ReadOnlyMemory<byte>? CustomMetadata { get; init; }
    public sbyte RemoteLogSegmentState { get; init; }
    [Tagged(0, "0+")] public bool TxnIndexEmpty { get; init; }
}

public sealed partial class RemoteLogSegmentMetadataSnapshotRecordLeaderEpoch
{
    public int LeaderEpoch { get; init; }
    public long Offset { get; init; }
}
