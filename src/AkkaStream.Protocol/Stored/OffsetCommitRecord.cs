namespace AkkaStream.Protocol.Stored;

// Where a group stands in one partition. Key types 1 and 0 read the same; type 0 is the older. No value: the offset
// was deleted or has expired.
//
// v0   Offset, metadata, commit time.
// v1   Expiry time, for commits that brought a retention time of their own (OffsetCommit v2 to v4).
// v2   All other commits: they expire as the broker is set.
// v3   Leader epoch (KIP-320).
// v4   Flexible; topic id as a tagged field (KIP-848).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 1)]
public sealed partial class OffsetCommitKey
{
    public string Group { get; init; } = "";
    public string Topic { get; init; } = "";
    public int Partition { get; init; }
}

[KafkaStored(StoredKind.GroupValue, versions: "0-4", flexible: "4+", Id = 1)]
public sealed partial class OffsetCommitValue
{
    public long Offset { get; init; }
    [Versions("3+"), Ignorable] public int LeaderEpoch { get; init; } = -1;
    public string Metadata { get; init; } = "";
    public long CommitTimestamp { get; init; }
    [Versions("1"), Ignorable] public long ExpireTimestamp { get; init; } = -1;
    [Tagged(0, "4+"), Ignorable] public TopicId TopicId { get; init; }
}

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 0)]
public sealed partial class LegacyOffsetCommitKey
{
    public string Group { get; init; } = "";
    public string Topic { get; init; } = "";
    public int Partition { get; init; }
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "none", Id = 0)]
public sealed partial class LegacyOffsetCommitValue
{
    public long Offset { get; init; }
    public string Metadata { get; init; } = "";
    public long CommitTimestamp { get; init; }
}
