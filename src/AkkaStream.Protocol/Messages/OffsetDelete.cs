namespace AkkaStream.Protocol.Messages;

// OffsetDelete: deletes committed offsets of a group (KIP-496).
//
// v0   First version. Not flexible.

[KafkaRequest(key: 47, versions: "0", flexible: "none")]
public sealed partial class OffsetDeleteRequest
{
    public string GroupId { get; init; } = "";
    public OffsetDeleteRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class OffsetDeleteRequestTopic
{
    [MapKey] public string Name { get; init; } = "";
    public OffsetDeleteRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class OffsetDeleteRequestPartition
{
    public int PartitionIndex { get; init; }
}

[KafkaResponse(key: 47, versions: "0", flexible: "none")]
public sealed partial class OffsetDeleteResponse
{
    public ErrorCode ErrorCode { get; set; }
    public int ThrottleTimeMs { get; set; }
    public OffsetDeleteResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class OffsetDeleteResponseTopic
{
    [MapKey] public string Name { get; set; } = "";
    public OffsetDeleteResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class OffsetDeleteResponsePartition
{
    [MapKey] public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
