namespace AkkaStream.Protocol.Messages;

// BrokerRegistration: a broker registers with the controller (KIP-631).
//
// v0   First version. Flexible.
// v1   Whether the broker migrates from ZooKeeper (KIP-866).
// v2   Ids of its log directories (KIP-858).
// v3   Its previous epoch, told after a clean stop (KIP-966).
// v4   Lowest versions of features may be 0 (KAFKA-17011).

[KafkaRequest(key: 62, versions: "0-4", flexible: "0+")]
public sealed partial class BrokerRegistrationRequest
{
    public int BrokerId { get; init; }
    public string ClusterId { get; init; } = "";
    public Uuid IncarnationId { get; init; }
    public BrokerRegistrationRequestListener[] Listeners { get; init; } = [];
    public BrokerRegistrationRequestFeature[] Features { get; init; } = [];
    public string? Rack { get; init; } = "";
    [Versions("1+")] public bool IsMigratingZkBroker { get; init; }
    [Versions("2+"), Ignorable] public Uuid[] LogDirs { get; init; } = [];

    // -1: there was none, or it did not end cleanly.
    [Versions("3+"), Ignorable] public long PreviousBrokerEpoch { get; init; } = -1;
}

public sealed partial class BrokerRegistrationRequestListener
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
    public short SecurityProtocol { get; init; }
}

public sealed partial class BrokerRegistrationRequestFeature
{
    [MapKey] public string Name { get; init; } = "";
    public short MinSupportedVersion { get; init; }
    public short MaxSupportedVersion { get; init; }
}

[KafkaResponse(key: 62, versions: "0-4", flexible: "0+")]
public sealed partial class BrokerRegistrationResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public long BrokerEpoch { get; set; } = -1;
}
