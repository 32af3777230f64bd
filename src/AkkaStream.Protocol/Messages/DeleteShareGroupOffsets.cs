namespace AkkaStream.Protocol.Messages;

// DeleteShareGroupOffsets: forgets where a share group reads in topics (KIP-932).
//
// v0   First version. Flexible.

[KafkaRequest(key: 92, versions: "0", flexible: "0+")]
public sealed partial class DeleteShareGroupOffsetsRequest
{
    public string GroupId { get; init; } = "";
    public DeleteShareGroupOffsetsRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class DeleteShareGroupOffsetsRequestTopic
{
    public string TopicName { get; init; } = "";
}

[KafkaResponse(key: 92, versions: "0", flexible: "0+")]
public sealed partial class DeleteShareGroupOffsetsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public DeleteShareGroupOffsetsResponseTopic[] Responses { get; set; } = [];
}

public sealed partial class DeleteShareGroupOffsetsResponseTopic
{
    public string TopicName { get; set; } = "";
    public TopicId TopicId { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
