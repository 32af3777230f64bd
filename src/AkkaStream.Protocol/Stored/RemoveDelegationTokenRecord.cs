namespace AkkaStream.Protocol.Stored;

// Metadata log: a delegation token ended.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 26)]
public sealed partial class RemoveDelegationTokenRecord
{
    public string TokenId { get; init; } = "";
}
