namespace AkkaStream.Protocol.Stored;

// Metadata log: the records since the last begin of a metadata transaction do not count (KIP-868).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 25)]
public sealed partial class AbortTransactionRecord
{
    [Tagged(0, "0+")] public string? Reason { get; init; }
}
