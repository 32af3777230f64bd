namespace AkkaStream.Protocol.Messages;

// ControllerRegistration: a controller registers with the active one (KIP-919).
//
// v0   First version. Flexible.

[KafkaRequest(key: 70, versions: "0", flexible: "0+")]
public sealed partial class ControllerRegistrationRequest
{
    public int ControllerId { get; init; }
    public Uuid IncarnationId { get; init; }
    public bool ZkMigrationReady { get; init; }
    public ControllerRegistrationRequestListener[] Listeners { get; init; } = [];
    public ControllerRegistrationRequestFeature[] Features { get; init; } = [];
}

public sealed partial class ControllerRegistrationRequestListener
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
    public short SecurityProtocol { get; init; }
}

public sealed partial class ControllerRegistrationRequestFeature
{
    [MapKey] public string Name { get; init; } = "";
    public short MinSupportedVersion { get; init; }
    public short MaxSupportedVersion { get; init; }
}

[KafkaResponse(key: 70, versions: "0", flexible: "0+")]
public sealed partial class ControllerRegistrationResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
