namespace AkkaStream.Protocol.Messages;

// SaslAuthenticate: one step of the SASL exchange (KIP-152).
//
// v0   First version.
// v1   How long the session lasts before the client has to authenticate again (KIP-368).
// v2   Flexible.

[KafkaRequest(key: 36, versions: "0-2", flexible: "2+")]
public sealed partial class SaslAuthenticateRequest
{
    public ReadOnlyMemory<byte> AuthBytes { get; init; }
}

[KafkaResponse(key: 36, versions: "0-2", flexible: "2+")]
public sealed partial class SaslAuthenticateResponse
{
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public ReadOnlyMemory<byte> AuthBytes { get; set; }

    // 0: for ever.
    [Versions("1+"), Ignorable] public long SessionLifetimeMs { get; set; }
}
