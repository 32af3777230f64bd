namespace AkkaStream.Protocol.Messages;

// Envelope: a broker forwards a client's request to the controller in the client's name (KIP-590).
//
// v0   First version. Flexible.

[KafkaRequest(key: 58, versions: "0", flexible: "0+")]
public sealed partial class EnvelopeRequest
{
    public ReadOnlyMemory<byte> RequestData { get; init; }
    public ReadOnlyMemory<byte>? RequestPrincipal { get; init; } = ReadOnlyMemory<byte>.Empty;
    public ReadOnlyMemory<byte> ClientHostAddress { get; init; }
}

[KafkaResponse(key: 58, versions: "0", flexible: "0+")]
public sealed partial class EnvelopeResponse
{
    public ReadOnlyMemory<byte>? ResponseData { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
