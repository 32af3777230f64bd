namespace AkkaStream.Protocol.Stored;

// Metadata log: the records that follow count together or not at all (KIP-868).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 23)]
public sealed partial class BeginTransactionRecord
{
    [Tagged(0, "0+")] public string? Name { get; init; }
}
