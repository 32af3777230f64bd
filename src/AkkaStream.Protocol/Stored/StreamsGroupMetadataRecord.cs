namespace AkkaStream.Protocol.Stored;

// A Streams group and its epoch (KIP-1071).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 17)]
public sealed partial class StreamsGroupMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 17)]
public sealed partial class StreamsGroupMetadataValue
{
    public int Epoch { get; init; }
    public long MetadataHash { get; init; }
    [Tagged(0, "0+")] public int ValidatedTopologyEpoch { get; init; } = -1;
    [Tagged(1, "0+")] public StreamsGroupMetadataValueAssignmentConfig[]? LastAssignmentConfigs { get; init; } = [];
}

public sealed partial class StreamsGroupMetadataValueAssignmentConfig
{
    public string Key { get; init; } = "";
    public string Value { get; init; } = "";
}
