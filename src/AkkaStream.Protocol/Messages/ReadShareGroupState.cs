namespace AkkaStream.Protocol.Messages;

// ReadShareGroupState: a share partition's leader reads its state when it takes over (KIP-932).
//
// v0   First version. Flexible.

[KafkaRequest(key: 84, versions: "0", flexible: "0+")]
public sealed partial class ReadShareGroupStateRequest
{
    public string GroupId { get; init; } = "";
    public ReadShareGroupStateRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class ReadShareGroupStateRequestTopic
{
    public TopicId TopicId { get; init; }
    public ReadShareGroupStateRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class ReadShareGroupStateRequestPartition
{
    public int Partition { get; init; }
    public int LeaderEpoch { get; init; }
}

[KafkaResponse(key: 84, versions: "0", flexible: "0+")]
public sealed partial class ReadShareGroupStateResponse
{
    public ReadShareGroupStateResponseTopic[] Results { get; set; } = [];
}

public sealed partial class ReadShareGroupStateResponseTopic
{
    public TopicId TopicId { get; set; }
    public ReadShareGroupStateResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class ReadShareGroupStateResponsePartition
{
    public int Partition { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public int StateEpoch { get; set; }
    public long StartOffset { get; set; }
    public ReadShareGroupStateResponseStateBatch[] StateBatches { get; set; } = [];
}

public sealed partial class ReadShareGroupStateResponseStateBatch
{
    public long FirstOffset { get; set; }
    public long LastOffset { get; set; }
    public sbyte DeliveryState { get; set; }
    public short DeliveryCount { get; set; }
}
