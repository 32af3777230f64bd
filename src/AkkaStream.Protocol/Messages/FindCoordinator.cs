namespace AkkaStream.Protocol.Messages;

// FindCoordinator: which broker coordinates a group (type 0), a transactional id (1) or a share partition (2).
//
// v0   Groups only.
// v1   Key type (KIP-98); throttle time and error message.
// v2   Throttled after the answer (KIP-219).
// v3   Flexible.
// v4   Many keys at once; the fields for one key end (KIP-699).
// v5   TRANSACTION_ABORTABLE may be answered (KIP-890).
// v6   Share partitions; the key is group:topic id:partition (KIP-932).

[KafkaRequest(key: 10, versions: "0-6", flexible: "3+")]
public sealed partial class FindCoordinatorRequest
{
    [Versions("0-3")] public string Key { get; init; } = "";

    // 0 group, 1 transactional id, 2 share partition.
    [Versions("1+")] public sbyte KeyType { get; init; }

    [Versions("4+")] public string[] CoordinatorKeys { get; init; } = [];
}

[KafkaResponse(key: 10, versions: "0-6", flexible: "3+")]
public sealed partial class FindCoordinatorResponse
{
    [Versions("1+"), Ignorable] public int ThrottleTimeMs { get; set; }
    [Versions("0-3")] public ErrorCode ErrorCode { get; set; }
    [Versions("1-3"), Ignorable] public string? ErrorMessage { get; set; } = "";
    [Versions("0-3")] public int NodeId { get; set; }
    [Versions("0-3")] public string Host { get; set; } = "";
    [Versions("0-3")] public int Port { get; set; }
    [Versions("4+")] public FindCoordinatorResponseCoordinator[] Coordinators { get; set; } = [];
}

public sealed partial class FindCoordinatorResponseCoordinator
{
    public string Key { get; set; } = "";
    public int NodeId { get; set; }
    public string Host { get; set; } = "";
    public int Port { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
