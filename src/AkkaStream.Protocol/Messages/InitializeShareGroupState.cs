namespace AkkaStream.Protocol.Messages;

// InitializeShareGroupState: the group coordinator creates the state of share partitions (KIP-932).
//
// v0   First version. Flexible.

[KafkaRequest(key: 83, versions: "0", flexible: "0+")]
public sealed partial class InitializeShareGroupStateRequest
{
    public string GroupId { get; init; } = "";
    public InitializeShareGroupStateRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class InitializeShareGroupStateRequestTopic
{
    public TopicId TopicId { get; init; }
    public InitializeShareGroupStateRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class InitializeShareGroupStateRequestPartition
{
    public int Partition { get; init; }
    public int StateEpoch { get; init; }
    public long StartOffset { get; init; }
}

[KafkaResponse(key: 83, versions: "0", flexible: "0+")]
public sealed partial class InitializeShareGroupStateResponse
{
    public InitializeShareGroupStateResponseTopic[] Results { get; set; } = [];
}

public sealed partial class InitializeShareGroupStateResponseTopic
{
    public TopicId TopicId { get; set; }
    public InitializeShareGroupStateResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class InitializeShareGroupStateResponsePartition
{
    public int Partition { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
