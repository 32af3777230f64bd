namespace AkkaStream.Protocol.Stored;

// Metadata log: a controller registered (KIP-919).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 27)]
public sealed partial class RegisterControllerRecord
{
    public int ControllerId { get; init; }
    public Uuid IncarnationId { get; init; }
    public bool ZkMigrationReady { get; init; }
    public RegisterControllerRecordEndpoint[] EndPoints { get; init; } = [];
    public RegisterControllerRecordFeature[] Features { get; init; } = [];
}

public sealed partial class RegisterControllerRecordEndpoint
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
    public short SecurityProtocol { get; init; }
}

public sealed partial class RegisterControllerRecordFeature
{
    [MapKey] public string Name { get; init; } = "";
    public short MinSupportedVersion { get; init; }
    public short MaxSupportedVersion { get; init; }
}
