namespace AkkaStream.Protocol.Messages;

// OffsetFetch: how far groups have read.
//
// v1   Oldest version served: from __consumer_offsets.
// v2   Null asks for all topics; error code for the whole answer (KIP-88).
// v3   Throttle time (KIP-124).
// v4   Throttled after the answer (KIP-219).
// v5   Leader epoch of the committed offset (KIP-320).
// v6   Flexible.
// v7   The client may insist on offsets that no open transaction can still change (KIP-447).
// v8   Many groups at once; the fields for one group end (KIP-709).
// v9   Member id and epoch, checked for groups of the consumer protocol (KIP-848).
// v10  Topics by id instead of name (KIP-848).

[KafkaRequest(key: 9, versions: "1-10", flexible: "6+")]
public sealed partial class OffsetFetchRequest
{
    [Versions("1-7")] public string GroupId { get; init; } = "";

    // Null for all topics of the group.
    [Versions("1-7"), NullableFrom("2-7")] public OffsetFetchRequestTopic[]? Topics { get; init; } = [];

    [Versions("8+")] public OffsetFetchRequestGroup[] Groups { get; init; } = [];

    // Answer UNSTABLE_OFFSET_COMMIT while an open transaction may still change the offset.
    [Versions("7+")] public bool RequireStable { get; init; }
}

public sealed partial class OffsetFetchRequestTopic
{
    public string Name { get; init; } = "";
    public int[] PartitionIndexes { get; init; } = [];
}

public sealed partial class OffsetFetchRequestGroup
{
    public string GroupId { get; init; } = "";
    [Versions("9+"), Ignorable] public string? MemberId { get; init; }
    [Versions("9+"), Ignorable] public int MemberEpoch { get; init; } = -1;

    // Null for all topics of the group.
    public OffsetFetchRequestGroupTopic[]? Topics { get; init; } = [];
}

public sealed partial class OffsetFetchRequestGroupTopic
{
    [Versions("8-9"), Ignorable] public string Name { get; init; } = "";
    [Versions("10+"), Ignorable] public TopicId TopicId { get; init; }
    public int[] PartitionIndexes { get; init; } = [];
}

[KafkaResponse(key: 9, versions: "1-10", flexible: "6+")]
public sealed partial class OffsetFetchResponse
{
    [Versions("3+"), Ignorable] public int ThrottleTimeMs { get; set; }
    [Versions("1-7")] public OffsetFetchResponseTopic[] Topics { get; set; } = [];
    [Versions("2-7"), Ignorable] public ErrorCode ErrorCode { get; set; }
    [Versions("8+")] public OffsetFetchResponseGroup[] Groups { get; set; } = [];
}

public sealed partial class OffsetFetchResponseTopic
{
    public string Name { get; set; } = "";
    public OffsetFetchResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class OffsetFetchResponsePartition
{
    public int PartitionIndex { get; set; }

    // -1: the group has committed nothing here.
    public long CommittedOffset { get; set; }

    [Versions("5-7"), Ignorable] public int CommittedLeaderEpoch { get; set; } = -1;
    public string? Metadata { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
}

public sealed partial class OffsetFetchResponseGroup
{
    public string GroupId { get; set; } = "";
    public OffsetFetchResponseGroupTopic[] Topics { get; set; } = [];
    public ErrorCode ErrorCode { get; set; }
}

public sealed partial class OffsetFetchResponseGroupTopic
{
    [Versions("8-9"), Ignorable] public string Name { get; set; } = "";
    [Versions("10+"), Ignorable] public TopicId TopicId { get; set; }
    public OffsetFetchResponseGroupPartition[] Partitions { get; set; } = [];
}

public sealed partial class OffsetFetchResponseGroupPartition
{
    public int PartitionIndex { get; set; }

    // -1: the group has committed nothing here.
    public long CommittedOffset { get; set; }

    public int CommittedLeaderEpoch { get; set; } = -1;
    public string? Metadata { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
}
