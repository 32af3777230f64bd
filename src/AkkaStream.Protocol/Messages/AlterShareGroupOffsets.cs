namespace AkkaStream.Protocol.Messages;

// AlterShareGroupOffsets: sets where a share group starts to read (KIP-932).
//
// v0   First version. Flexible.

[KafkaRequest(key: 91, versions: "0", flexible: "0+")]
public sealed partial class AlterShareGroupOffsetsRequest
{
    public string GroupId { get; init; } = "";
    public AlterShareGroupOffsetsRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class AlterShareGroupOffsetsRequestTopic
{
    [MapKey] public string TopicName { get; init; } = "";
    public AlterShareGroupOffsetsRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class AlterShareGroupOffsetsRequestPartition
{
    public int PartitionIndex { get; init; }
    public long StartOffset { get; init; }
}

[KafkaResponse(key: 91, versions: "0", flexible: "0+")]
public sealed partial class AlterShareGroupOffsetsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public AlterShareGroupOffsetsResponseTopic[] Responses { get; set; } = [];
}

public sealed partial class AlterShareGroupOffsetsResponseTopic
{
    [MapKey] public string TopicName { get; set; } = "";
    public TopicId TopicId { get; set; }
    public AlterShareGroupOffsetsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class AlterShareGroupOffsetsResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
