namespace AkkaStream.Protocol.Stored;

// Metadata log: a broker registered.
//
// v0   First version.
// v1   Controlled shutdown (KIP-841).
// v2   Whether it migrates from ZooKeeper (KIP-866).
// v3   Log directories (KIP-858).
// v4   Log directories closed to new replicas (KIP-1066).

[KafkaStored(StoredKind.Metadata, versions: "0-4", flexible: "0+", Id = 0)]
public sealed partial class RegisterBrokerRecord
{
    public int BrokerId { get; init; }
    [Versions("2+")] public bool IsMigratingZkBroker { get; init; }
    public Uuid IncarnationId { get; init; }
    public long BrokerEpoch { get; init; }
    public RegisterBrokerRecordEndpoint[] EndPoints { get; init; } = [];
    public RegisterBrokerRecordFeature[] Features { get; init; } = [];
    public string? Rack { get; init; } = "";
    public bool Fenced { get; init; } = true;
    [Versions("1+")] public bool InControlledShutdown { get; init; }
    [Tagged(0, "3+")] public Uuid[] LogDirs { get; init; } = [];
    [Tagged(1, "4+")] public Uuid[]? CordonedLogDirs { get; init; }
}

public sealed partial class RegisterBrokerRecordEndpoint
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
    public short SecurityProtocol { get; init; }
}

public sealed partial class RegisterBrokerRecordFeature
{
    [MapKey] public string Name { get; init; } = "";
    public short MinSupportedVersion { get; init; }
    public short MaxSupportedVersion { get; init; }
}
