namespace AkkaStream.Protocol.Stored;

// The whole state of a share partition. In __share_group_state; later updates build on the newest snapshot (KIP-932).

[KafkaStored(StoredKind.ShareKey, versions: "0", flexible: "none", Id = 0)]
public sealed partial class ShareSnapshotKey
{
    public string GroupId { get; init; } = "";
    public TopicId TopicId { get; init; }
    public int Partition { get; init; }
}

[KafkaStored(StoredKind.ShareValue, versions: "0", flexible: "0+", Id = 0)]
public sealed partial class ShareSnapshotValue
{
    public int SnapshotEpoch { get; init; }
    public int StateEpoch { get; init; }
    public int LeaderEpoch { get; init; }
    public long StartOffset { get; init; }
    [Tagged(0, "0+")] public int DeliveryCompleteCount { get; init; } = -1;
    public long CreateTimestamp { get; init; }
    public long WriteTimestamp { get; init; }
    public ShareSnapshotValueStateBatch[] StateBatches { get; init; } = [];
}

public sealed partial class ShareSnapshotValueStateBatch
{
    public long FirstOffset { get; init; }
    public long LastOffset { get; init; }

    // 0 available, 2 acknowledged, 4 archived. Acquired records are not stored: a new leader offers them again.
    public sbyte DeliveryState { get; init; }

    public short DeliveryCount { get; init; }
}
