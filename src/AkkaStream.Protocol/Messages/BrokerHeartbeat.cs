namespace AkkaStream.Protocol.Messages;

// BrokerHeartbeat: a broker is alive and tells what it wants (KIP-631).
//
// v0   First version. Flexible.
// v1   Log directories that failed (KIP-858).
// v2   Log directories closed to new replicas (KIP-1066).

[KafkaRequest(key: 63, versions: "0-2", flexible: "0+")]
public sealed partial class BrokerHeartbeatRequest
{
    public int BrokerId { get; init; }
    public long BrokerEpoch { get; init; } = -1;

    // How far the broker has read the metadata log.
    public long CurrentMetadataOffset { get; init; }

    public bool WantFence { get; init; }
    public bool WantShutDown { get; init; }
    [Tagged(0, "1+")] public Uuid[] OfflineLogDirs { get; init; } = [];
    [Tagged(1, "2+")] public Uuid[]? CordonedLogDirs { get; init; }
}

[KafkaResponse(key: 63, versions: "0-2", flexible: "0+")]
public sealed partial class BrokerHeartbeatResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public bool IsCaughtUp { get; set; }
    public bool IsFenced { get; set; } = true;
    public bool ShouldShutDown { get; set; }
}
