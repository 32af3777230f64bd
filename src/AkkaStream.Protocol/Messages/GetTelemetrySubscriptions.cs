namespace AkkaStream.Protocol.Messages;

// GetTelemetrySubscriptions: which metrics the broker wants from a client (KIP-714).
//
// v0   First version. Flexible.

[KafkaRequest(key: 71, versions: "0", flexible: "0+")]
public sealed partial class GetTelemetrySubscriptionsRequest
{
    public Uuid ClientInstanceId { get; init; }
}

[KafkaResponse(key: 71, versions: "0", flexible: "0+")]
public sealed partial class GetTelemetrySubscriptionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public Uuid ClientInstanceId { get; set; }
    public int SubscriptionId { get; set; }
    public sbyte[] AcceptedCompressionTypes { get; set; } = [];
    public int PushIntervalMs { get; set; }
    public int TelemetryMaxBytes { get; set; }
    public bool DeltaTemporality { get; set; }
    public string[] RequestedMetrics { get; set; } = [];
}
