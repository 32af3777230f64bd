using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>
/// How a leader asks for another in-sync set: only the controller writes it. Implemented by Cluster, called by
/// Replication, which has one proposal of a partition under way at a time.
/// </summary>
public interface IIsrProposer
{
    /// <summary>Ends when the new state is committed and published, or the proposal is refused.</summary>
    ValueTask<IsrDecision> ProposeIsr(IsrProposal proposal);
}

/// <param name="LeaderEpoch">The epoch under which the proposer leads.</param>
/// <param name="PartitionEpoch">The state that the proposal was made from: of two proposals from one state one is refused.</param>
public sealed record IsrProposal(TopicId Topic, PartitionId Partition, LeaderEpoch LeaderEpoch, PartitionEpoch PartitionEpoch,
    IReadOnlyList<IsrMember> Isr, LeaderRecoveryState RecoveryState = LeaderRecoveryState.Recovered);

/// <summary>A member with the life in which its progress was seen (KIP-903): a restarted broker must catch up again first.</summary>
public sealed record IsrMember(BrokerId Broker, BrokerEpoch Epoch);

/// <param name="Accepted">What holds now; null if the proposal was refused.</param>
public sealed record IsrDecision(ErrorCode Error, AcceptedIsr? Accepted);

/// <summary>A partition after its leader's proposal was committed.</summary>
public sealed record AcceptedIsr(BrokerId Leader, LeaderEpoch LeaderEpoch, PartitionEpoch PartitionEpoch, ReplicaList Isr,
    LeaderRecoveryState RecoveryState);
