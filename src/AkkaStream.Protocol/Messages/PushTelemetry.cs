namespace AkkaStream.Protocol.Messages;

// PushTelemetry: a client's metrics (KIP-714).
//
// v0   First version. Flexible.

[KafkaRequest(key: 72, versions: "0", flexible: "0+")]
public sealed partial class PushTelemetryRequest
{
    public Uuid ClientInstanceId { get; init; }
    public int SubscriptionId { get; init; }
    public bool Terminating { get; init; }
    public sbyte CompressionType { get; init; }
    public ReadOnlyMemory<byte> Metrics { get; init; }
}

[KafkaResponse(key: 72, versions: "0", flexible: "0+")]
public sealed partial class PushTelemetryResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
