using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Offsets;

/// <summary>Where a group stands in one partition. Immutable; tens of thousands may be held, so it is a value.</summary>
/// <param name="Offset">The next record to read.</param>
/// <param name="LeaderEpoch">Of the last record read, -1 when the client did not tell.</param>
/// <param name="Metadata">A note of the client's.</param>
/// <param name="CommitMs">Wall clock of the commit.</param>
/// <param name="ExpireMs">For commits that brought a retention of their own (v2 to v4), otherwise -1.</param>
/// <param name="TopicId">Zero when the commit was made without knowing it.</param>
/// <param name="Order">Counts the commits of the shard in log order: which of two is the later one.</param>
public readonly record struct CommittedOffset(
    long Offset, int LeaderEpoch, string Metadata, long CommitMs, long ExpireMs, TopicId TopicId, long Order)
{
    const short PlainVersion = 4, WithExpiryVersion = 1;

    public static CommittedOffset Of(OffsetCommitValue value, long order) => new(
        value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp, value.TopicId, order);

    public StoredRecord ToRecord(string group, string topic, int partition) => new(
        KeyOf(group, topic, partition),
        new OffsetCommitValue
        {
            Offset = Offset,
            LeaderEpoch = LeaderEpoch,
            Metadata = Metadata,
            CommitTimestamp = CommitMs,
            ExpireTimestamp = ExpireMs,
            TopicId = TopicId,
        },
        ExpireMs < 0 ? PlainVersion : WithExpiryVersion);

    public static OffsetCommitKey KeyOf(string group, string topic, int partition) => new()
    {
        Group = group,
        Topic = topic,
        Partition = partition,
    };
}
