namespace AkkaStream.Protocol.Stored;

// The epoch of a share group's target assignment (KIP-932).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 12)]
public sealed partial class ShareGroupTargetAssignmentMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 12)]
public sealed partial class ShareGroupTargetAssignmentMetadataValue
{
    public int AssignmentEpoch { get; init; }
    [Tagged(0, "0+")] public long AssignmentTimestamp { get; init; }
}
