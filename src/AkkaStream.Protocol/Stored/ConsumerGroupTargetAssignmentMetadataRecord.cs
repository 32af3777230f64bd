namespace AkkaStream.Protocol.Stored;

// The epoch of a consumer group's target assignment; written after the members' parts, so it says that they are
// complete.

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 6)]
public sealed partial class ConsumerGroupTargetAssignmentMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 6)]
public sealed partial class ConsumerGroupTargetAssignmentMetadataValue
{
    public int AssignmentEpoch { get; init; }
    [Tagged(0, "0+")] public long AssignmentTimestamp { get; init; }
}
