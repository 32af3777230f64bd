namespace AkkaStream.Protocol.Stored;

// Metadata log: an ACL was deleted.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 19)]
public sealed partial class RemoveAccessControlEntryRecord
{
    public Uuid Id { get; init; }
}
