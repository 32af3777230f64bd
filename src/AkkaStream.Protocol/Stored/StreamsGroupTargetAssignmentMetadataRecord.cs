namespace AkkaStream.Protocol.Stored;

// The epoch of a Streams group's target assignment (KIP-1071).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 20)]
public sealed partial class StreamsGroupTargetAssignmentMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 20)]
public sealed partial class StreamsGroupTargetAssignmentMetadataValue
{
    public int AssignmentEpoch { get; init; }
    [Tagged(0, "0+")] public long AssignmentTimestamp { get; init; }
}
