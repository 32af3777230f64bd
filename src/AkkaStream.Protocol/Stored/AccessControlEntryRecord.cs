namespace AkkaStream.Protocol.Stored;

// Metadata log: an ACL was created.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 18)]
public sealed partial class AccessControlEntryRecord
{
    public Uuid Id { get; init; }
    public sbyte ResourceType { get; init; }
    public string ResourceName { get; init; } = "";
    public sbyte PatternType { get; init; }
    public string Principal { get; init; } = "";
    public string Host { get; init; } = "";
    public sbyte Operation { get; init; }
    public sbyte PermissionType { get; init; }
}
