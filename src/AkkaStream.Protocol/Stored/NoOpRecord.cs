namespace AkkaStream.Protocol.Stored;

// Metadata log: nothing happened; keeps the log moving so that lag can be seen (KIP-835).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 20)]
public sealed partial class NoOpRecord
{
}
