namespace AkkaStream.Protocol.Messages;

// DeleteShareGroupState: the group coordinator deletes the state of share partitions (KIP-932).
//
// v0   First version. Flexible.

[KafkaRequest(key: 86, versions: "0", flexible: "0+")]
public sealed partial class DeleteShareGroupStateRequest
{
    public string GroupId { get; init; } = "";
    public DeleteShareGroupStateRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class DeleteShareGroupStateRequestTopic
{
    public TopicId TopicId { get; init; }
    public DeleteShareGroupStateRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class DeleteShareGroupStateRequestPartition
{
    public int Partition { get; init; }
}

[KafkaResponse(key: 86, versions: "0", flexible: "0+")]
public sealed partial class DeleteShareGroupStateResponse
{
    public DeleteShareGroupStateResponseTopic[] Results { get; set; } = [];
}

public sealed partial class DeleteShareGroupStateResponseTopic
{
    public TopicId TopicId { get; set; }
    public DeleteShareGroupStateResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class DeleteShareGroupStateResponsePartition
{
    public int Partition { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
