namespace AkkaStream.Protocol.Stored;

// Metadata log: a SCRAM credential was removed.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 22)]
public sealed partial class RemoveUserScramCredentialRecord
{
    public string Name { get; init; } = "";
    public sbyte Mechanism { get; init; }
}
