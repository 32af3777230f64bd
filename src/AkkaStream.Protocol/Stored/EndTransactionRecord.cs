namespace AkkaStream.Protocol.Stored;

// Metadata log: the records since the last begin of a metadata transaction count (KIP-868).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 24)]
public sealed partial class EndTransactionRecord
{
}
