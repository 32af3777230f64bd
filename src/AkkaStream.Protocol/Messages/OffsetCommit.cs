namespace AkkaStream.Protocol.Messages;

// OffsetCommit: stores how far a group has read.
//
// v2   Oldest version served: retention time per commit.
// v3   Throttle time (KIP-124).
// v4   Throttled after the answer (KIP-219).
// v5   Retention time is the broker's alone (KIP-211).
// v6   Leader epoch of the committed offset (KIP-320).
// v7   Static members tell group.instance.id (KIP-345).
// v8   Flexible.
// v9   Groups of the consumer protocol: the generation field carries the member epoch (KIP-848).
// v10  Topics by id instead of name (KIP-848).

[KafkaRequest(key: 8, versions: "2-10", flexible: "8+")]
public sealed partial class OffsetCommitRequest
{
    public string GroupId { get; init; } = "";

    // -1: the commit comes from no member, the group must be empty.
    public int GenerationIdOrMemberEpoch { get; init; } = -1;

    public string MemberId { get; init; } = "";
    [Versions("7+")] public string? GroupInstanceId { get; init; }

    // -1: as the broker is set.
    [Versions("2-4"), Ignorable] public long RetentionTimeMs { get; init; } = -1;

    public OffsetCommitRequestTopic[] Topics { get; init; } = [];
}

public sealed partial class OffsetCommitRequestTopic
{
    [Versions("2-9"), Ignorable] public string Name { get; init; } = "";
    [Versions("10+"), Ignorable] public TopicId TopicId { get; init; }
    public OffsetCommitRequestPartition[] Partitions { get; init; } = [];
}

public sealed partial class OffsetCommitRequestPartition
{
    public int PartitionIndex { get; init; }
    public long CommittedOffset { get; init; }
    [Versions("6+"), Ignorable] public int CommittedLeaderEpoch { get; init; } = -1;
    public string? CommittedMetadata { get; init; } = "";
}

[KafkaResponse(key: 8, versions: "2-10", flexible: "8+")]
public sealed partial class OffsetCommitResponse
{
    [Versions("3+"), Ignorable] public int ThrottleTimeMs { get; set; }
    public OffsetCommitResponseTopic[] Topics { get; set; } = [];
}

public sealed partial class OffsetCommitResponseTopic
{
    [Versions("2-9"), Ignorable] public string Name { get; set; } = "";
    [Versions("10+"), Ignorable] public TopicId TopicId { get; set; }
    public OffsetCommitResponsePartition[] Partitions { get; set; } = [];
}

public sealed partial class OffsetCommitResponsePartition
{
    public int PartitionIndex { get; set; }
    public ErrorCode ErrorCode { get; set; }
}
