namespace AkkaStream.Client.Administration;

/// <summary>Something that happened to a group, as its coordinator remembers it.</summary>
/// <param name="Kind">RebalanceBegan, Rebalanced, Emptied, Storm, OffsetsReset, OffsetsExpired or OffsetsDeleted.</param>
/// <param name="Time">When.</param>
/// <param name="Generation">The generation of a classic group, the epoch of a consumer group.</param>
/// <param name="Members">How many members it had.</param>
/// <param name="MemberId">Who set it off; empty if nobody did.</param>
/// <param name="ClientId">The client id of that member.</param>
/// <param name="Reason">Why.</param>
/// <param name="Duration">Of a rebalance, from its first cause to the new assignment.</param>
/// <param name="Count">Offsets that were touched, or rebalances of a storm.</param>
/// <param name="Offsets">What happened to each offset; empty when they were too many to be remembered.</param>
public sealed record GroupHistoryEvent(
    string Kind, DateTimeOffset Time, int Generation, int Members, string MemberId, string ClientId, string Reason, TimeSpan Duration, int Count,
    IReadOnlyList<OffsetMove> Offsets);

/// <summary>A committed offset that changed; null for none.</summary>
public readonly record struct OffsetMove(TopicPartition Partition, long? Before, long? After);
