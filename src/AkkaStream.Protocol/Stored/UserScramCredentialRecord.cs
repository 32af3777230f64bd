namespace AkkaStream.Protocol.Stored;

// Metadata log: a SCRAM credential was set.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 11)]
public sealed partial class UserScramCredentialRecord
{
    public string Name { get; init; } = "";
    public sbyte Mechanism { get; init; }
    public ReadOnlyMemory<byte> Salt { get; init; }
    public ReadOnlyMemory<byte> StoredKey { get; init; }
    public ReadOnlyMemory<byte> ServerKey { get; init; }
    public int Iterations { get; init; }
}
