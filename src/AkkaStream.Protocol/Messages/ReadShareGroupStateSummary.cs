namespace AkkaStream.Protocol.Messages;

// ReadShareGroupStateSummary: the group coordinator reads where share partitions stand (KIP-932).
//
// v0   First version. Flexible.
// v1   How many deliveries are complete, for lag (KIP-1226).

[KafkaRequest(key: 87, versions: "0-1", flexible: "0+")]
public sealed partial class ReadShareGroupStateSummaryRequest
{
    public string GroupId { get; init; } = "";
    public ReadShareGroupStateSummaryRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class ReadShareGroupStateSummaryRequestTopic
{
    public TopicId TopicId { get; init; }
    public ReadShareGroupStateSummaryRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class ReadShareGroupStateSummaryRequestPartition
{
    public int Partition { get; init; }
    public int LeaderEpoch { get; init; }
}

[KafkaResponse(key: 87, versions: "0-1", flexible: "0+")]
public sealed partial class ReadShareGroupStateSummaryResponse
{
    public ReadShareGroupStateSummaryResponseTopic[] Results { get; set; } = [];
}

public sealed partial class ReadShareGroupStateSummaryResponseTopic
{
    public TopicId TopicId { get; set; }
    public ReadShareGroupStateSummaryResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class ReadShareGroupStateSummaryResponsePartition
{
    public int Partition { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public int StateEpoch { get; set; }
    public int LeaderEpoch { get; set; }
    public long StartOffset { get; set; }
    [Versions("1+"), Ignorable] public int DeliveryCompleteCount { get; set; } = -1;
}
