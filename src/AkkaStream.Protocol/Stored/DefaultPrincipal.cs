namespace AkkaStream.Protocol.Stored;

// A principal inside a forwarded request, behind its version as int16 (KIP-590).

[KafkaStored(StoredKind.Versioned, versions: "0", flexible: "0+", Name = "DefaultPrincipalData")]
public sealed partial class DefaultPrincipal
{
    public string Type { get; init; } = "";
    public string Name { get; init; } = "";
    public bool TokenAuthenticated { get; init; }
}
