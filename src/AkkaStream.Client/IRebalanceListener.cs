namespace AkkaStream.Client;

/// <summary>
/// Is told, within a poll, when partitions of a group change hands. The consumer may be used in these calls: to commit before partitions go,
/// to seek when they have come.
/// </summary>
public interface IRebalanceListener
{
    /// <summary>These will be somebody else's in a moment; what was done of them can still be committed.</summary>
    ValueTask OnRevokedAsync(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>These have come, in addition to those that were kept.</summary>
    ValueTask OnAssignedAsync(IReadOnlyCollection<TopicPartition> partitions);

    /// <summary>These are somebody else's already: it is too late to commit.</summary>
    ValueTask OnLostAsync(IReadOnlyCollection<TopicPartition> partitions) => OnRevokedAsync(partitions);
}

/// <summary>A committed offset: the next record to read, and words of whoever committed it.</summary>
public readonly record struct OffsetAndMetadata(long Offset, string Metadata = "", int LeaderEpoch = -1);
