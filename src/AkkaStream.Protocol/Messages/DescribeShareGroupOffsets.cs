namespace AkkaStream.Protocol.Messages;

// DescribeShareGroupOffsets: where share groups start to read (KIP-932).
//
// v0   First version. Flexible.
// v1   Lag (KIP-1226).

[KafkaRequest(key: 90, versions: "0-1", flexible: "0+")]
public sealed partial class DescribeShareGroupOffsetsRequest
{
    public DescribeShareGroupOffsetsRequestGroup[] Groups { get; init; } = [];
}

public sealed partial class DescribeShareGroupOffsetsRequestGroup
{
    public string GroupId { get; init; } = "";
    public DescribeShareGroupOffsetsRequestTopic[]? Topics { get; init; } = [];
}

public sealed partial class DescribeShareGroupOffsetsRequestTopic
{
    public string TopicName { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

[KafkaResponse(key: 90, versions: "0-1", flexible: "0+")]
public sealed partial class DescribeShareGroupOffsetsResponse
{
    public int ThrottleTimeMs { get; set; }
    public DescribeShareGroupOffsetsResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class DescribeShareGroupOffsetsResponseGroup
{
    public string GroupId { get; set; } = "";
    public DescribeShareGroupOffsetsResponseTopic[] Topics { get; set; } = [];
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}

public sealed partial class DescribeShareGroupOffsetsResponseTopic
{
    public string TopicName { get; set; } = "";
    public TopicId TopicId { get; set; }
    public DescribeShareGroupOffsetsResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class DescribeShareGroupOffsetsResponsePartition
{
    public int PartitionIndex { get; set; }
    public long StartOffset { get; set; }
    public int LeaderEpoch { get; set; }
    [Versions("1+"), Ignorable] public long Lag { get; set; } = -1;
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
}
