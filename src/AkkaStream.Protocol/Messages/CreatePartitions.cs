namespace AkkaStream.Protocol.Messages;

// CreatePartitions: adds partitions to topics (KIP-195).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   Flexible.
// v3   THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599).

[KafkaRequest(key: 37, versions: "0-3", flexible: "2+")]
public sealed partial class CreatePartitionsRequest
{
    public CreatePartitionsRequestTopic[] Topics { get; init; } = [];
    public int TimeoutMs { get; init; }
    public bool ValidateOnly { get; init; }
}

public sealed partial class CreatePartitionsRequestTopic
{
    [MapKey] public string Name { get; init; } = "";

    // How many there shall be then, not how many more.
    public int Count { get; init; }

    // Null: the broker chooses.
    public CreatePartitionsRequestAssignment[]? Assignments { get; init; } = [];
}

public sealed partial class CreatePartitionsRequestAssignment
{
    public int[] BrokerIds { get; init; } = [];
}

[KafkaResponse(key: 37, versions: "0-3", flexible: "2+")]
public sealed partial class CreatePartitionsResponse
{
    public int ThrottleTimeMs { get; set; }
    public CreatePartitionsResponseTopic[] Results { get; set; } = [];
}

public sealed partial class CreatePartitionsResponseTopic
{
    public string Name { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
