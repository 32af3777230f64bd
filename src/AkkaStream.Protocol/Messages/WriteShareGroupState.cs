namespace AkkaStream.Protocol.Messages;

// WriteShareGroupState: a share partition's leader writes its state (KIP-932).
//
// v0   First version. Flexible.
// v1   How many deliveries are complete, for lag (KIP-1226).

[KafkaRequest(key: 85, versions: "0-1", flexible: "0+")]
public sealed partial class WriteShareGroupStateRequest
{
    public string GroupId { get; init; } = "";
    public WriteShareGroupStateRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class WriteShareGroupStateRequestTopic
{
    public TopicId TopicId { get; init; }
    public WriteShareGroupStateRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class WriteShareGroupStateRequestPartition
{
    public int Partition { get; init; }
    public int StateEpoch { get; init; }
    public int LeaderEpoch { get; init; }
    public long StartOffset { get; init; }
    [Versions("1+"), Ignorable] public int DeliveryCompleteCount { get; init; } = -1;
    public WriteShareGroupStateRequestStateBatch[] StateBatches { get; init; } = [];
}

public sealed partial class WriteShareGroupStateRequestStateBatch
{
    public long FirstOffset { get; init; }
    public long LastOffset { get; init; }
    public sbyte DeliveryState { get; init; }
    public short DeliveryCount { get; init; }
}

[KafkaResponse(key: 85, versions: "0-1", flexible: "0+")]
public sealed partial class WriteShareGroupStateResponse
{
    public WriteShareGroupStateResponseTopic[] Results { get; set; } = [];
}

public sealed partial class WriteShareGroupStateResponseTopic
{
    public TopicId TopicId { get; set; }
    public WriteShareGroupStateResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class WriteShareGroupStateResponsePartition
{
    public int Partition { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
