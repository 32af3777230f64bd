namespace AkkaStream.Protocol.Messages;

// CreateTopics: creates topics.
//
// v2   Oldest version served: validate-only, error messages, throttle time.
// v3   Throttled after the answer (KIP-219).
// v4   -1 for partitions or replication factor takes the broker's default (KIP-464).
// v5   Flexible. The answer tells the configuration of the new topic (KIP-525).
// v6   THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599).
// v7   Topic id in the answer (KIP-516).

[KafkaRequest(key: 19, versions: "2-7", flexible: "5+")]
public sealed partial class CreateTopicsRequest
{
    public CreateTopicsRequestTopic[] Topics { get; init; } = [];
    public int TimeoutMs { get; init; } = 60000;
    public bool ValidateOnly { get; init; }
}

public sealed partial class CreateTopicsRequestTopic
{
    [MapKey] public string Name { get; init; } = "";

    // -1: as assigned below, or the broker's default.
    public int NumPartitions { get; init; }

    // -1: as assigned below, or the broker's default.
    public short ReplicationFactor { get; init; }

    public CreateTopicsRequestAssignment[] Assignments { get; init; } = [];
    public CreateTopicsRequestConfig[] Configs { get; init; } = [];
}

public sealed partial class CreateTopicsRequestAssignment
{
    [MapKey] public int PartitionIndex { get; init; }
    public int[] BrokerIds { get; init; } = [];
}

public sealed partial class CreateTopicsRequestConfig
{
    [MapKey] public string Name { get; init; } = "";
    public string? Value { get; init; } = "";
}

[KafkaResponse(key: 19, versions: "2-7", flexible: "5+")]
public sealed partial class CreateTopicsResponse
{
    public int ThrottleTimeMs { get; set; }
    public CreateTopicsResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class CreateTopicsResponseTopic
{
    [MapKey] public string Name { get; set; } = "";
    [Versions("7+"), Ignorable] public TopicId TopicId { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    [Tagged(0, "5+"), Ignorable] public ErrorCode TopicConfigErrorCode { get; set; }
    [Versions("5+"), Ignorable] public int NumPartitions { get; set; } = -1;
    [Versions("5+"), Ignorable] public short ReplicationFactor { get; set; } = -1;
    [Versions("5+"), Ignorable] public CreateTopicsResponseConfig[]? Configs { get; set; } = [];
}

public sealed partial class CreateTopicsResponseConfig
{
    public string Name { get; set; } = "";
    public string? Value { get; set; } = "";
    public bool ReadOnly { get; set; }
    public sbyte ConfigSource { get; set; } = -1;
    public bool IsSensitive { get; set; }
}
