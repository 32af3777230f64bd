namespace AkkaStream.Protocol.Stored;

// A group of the consumer protocol and its epoch (KIP-848).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 3)]
public sealed partial class ConsumerGroupMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 3)]
public sealed partial class ConsumerGroupMetadataValue
{
    public int Epoch { get; init; }
    [Tagged(0, "0+")] public long MetadataHash { get; init; }
}
