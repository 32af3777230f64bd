namespace AkkaStream.Protocol.Stored;

// A share group and its epoch (KIP-932).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 11)]
public sealed partial class ShareGroupMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 11)]
public sealed partial class ShareGroupMetadataValue
{
    public int Epoch { get; init; }
    public long MetadataHash { get; init; }
}
