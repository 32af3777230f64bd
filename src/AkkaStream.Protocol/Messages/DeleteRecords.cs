namespace AkkaStream.Protocol.Messages;

// DeleteRecords: moves the start of partitions forward (KIP-107).
//
// v0   First version.
// v1   Throttled after the answer (KIP-219).
// v2   Flexible.

[KafkaRequest(key: 21, versions: "0-2", flexible: "2+")]
public sealed partial class DeleteRecordsRequest
{
    public DeleteRecordsRequestTopic[] Topics { get; init; } = [];
    public int TimeoutMs { get; init; }
}

public sealed partial class DeleteRecordsRequestTopic
{
    public string Name { get; init; } = "";
    public DeleteRecordsRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class DeleteRecordsRequestPartition
{
    public int PartitionIndex { get; init; }

    // The first offset to keep; -1 for the high watermark.
    public long Offset { get; init; }
}

[KafkaResponse(key: 21, versions: "0-2", flexible: "2+")]
public sealed partial class DeleteRecordsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DeleteRecordsResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class DeleteRecordsResponseTopic
{
    [MapKey] public string Name { get; set; } = "";
    public DeleteRecordsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class DeleteRecordsResponsePartition
{
    [MapKey] public int PartitionIndex { get; set; }
    public long LowWatermark { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
