namespace AkkaStream.Protocol.Stored;

// A change of a share partition's state since the snapshot of the same epoch (KIP-932).

[KafkaStored(StoredKind.ShareKey, versions: "0", flexible: "none", Id = 1)]
public sealed partial class ShareUpdateKey
{
    public string GroupId { get; init; } = "";
    public TopicId TopicId { get; init; }
    public int Partition { get; init; }
}

[KafkaStored(StoredKind.ShareValue, versions: "0", flexible: "0+", Id = 1)]
public sealed partial class ShareUpdateValue
{
    public int SnapshotEpoch { get; init; }
    public int LeaderEpoch { get; init; }
    public long StartOffset { get; init; }
    [Tagged(0, "0+")] public int DeliveryCompleteCount { get; init; } = -1;
    public ShareUpdateValueStateBatch[] StateBatches { get; init; } = [];
}

public sealed partial class ShareUpdateValueStateBatch
{
    public long FirstOffset { get; init; }
    public long LastOffset { get; init; }

    // 0 available, 2 acknowledged, 4 archived.
    public sbyte DeliveryState { get; init; }

    public short DeliveryCount { get; init; }
}
