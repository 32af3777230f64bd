namespace AkkaStream.Protocol.Messages;

// DeleteTopics: deletes topics.
//
// v1   Oldest version served: throttle time.
// v2   Throttled after the answer (KIP-219).
// v3   TOPIC_DELETION_DISABLED may be answered (KIP-322).
// v4   Flexible.
// v5   Error message; THROTTLING_QUOTA_EXCEEDED may be answered (KIP-599).
// v6   By name or by id (KIP-516).

[KafkaRequest(key: 20, versions: "1-6", flexible: "4+")]
public sealed partial class DeleteTopicsRequest
{
    [Versions("6+")] public DeleteTopicsRequestTopic[] Topics { get; init; } = [];
    [Versions("1-5"), Ignorable] public string[] TopicNames { get; init; } = [];
    public int TimeoutMs { get; init; }
}

public sealed partial class DeleteTopicsRequestTopic
{
    // Null: delete by id.
    public string? Name { get; init; }

    public TopicId TopicId { get; init; }
}

[KafkaResponse(key: 20, versions: "1-6", flexible: "4+")]
public sealed partial class DeleteTopicsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DeleteTopicsResponseTopic[] Responses { get; set; } = [];
}

public sealed partial class DeleteTopicsResponseTopic
{
    [NullableFrom("6+"), MapKey] public string? Name { get; set; } = "";
    [Versions("6+"), Ignorable] public TopicId TopicId { get; set; }
    public ErrorCode ErrorCode { get; set; }
    [Versions("5+"), Ignorable] public string? ErrorMessage { get; set; }
}
