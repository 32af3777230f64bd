using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// Works out one change of one partition: who leads, who is in sync, who is eligible, and which epochs must grow, as one
/// record that tells only what changes. Pure; every change that the controller makes to an existing partition comes from
/// here. It never empties an in-sync set: the last member stays in it, alive or not, because its log is the truth.
/// </summary>
sealed class PartitionChange(TopicId topic, int partition, PartitionImage before)
{
    PartitionMembers _members = PartitionMembers.Of(before);
    LeaderRecoveryState _recoveryState = before.RecoveryState;

    /// <summary>Who may lead once the change holds; usually every broker that is alive and not stopping.</summary>
    public required Func<BrokerId, bool> MayLead { get; init; }

    /// <summary>A new replica's log directory, where its broker has only one; unassigned otherwise.</summary>
    public required Func<BrokerId, DirectoryId> DirectoryFor { get; init; }

    public ElectionKind Election { get; init; } = ElectionKind.Online;

    /// <summary>The effective minimum of in-sync replicas, never above the number of replicas.</summary>
    public int MinInSyncReplicas { get; init; } = 1;

    /// <summary>Whether the feature that remembers eligible leaders is finalised (KIP-966).</summary>
    public bool EligibleLeadersEnabled { get; init; }

    /// <summary>A broker that stopped uncleanly may have lost what it had acknowledged.</summary>
    public BrokerId StoppedUncleanly { get; init; } = BrokerId.None;

    public PartitionChange To(Func<PartitionMembers, PartitionMembers> change)
    {
        _members = change(_members);
        return this;
    }

    public PartitionChange To(LeaderRecoveryState recoveryState)
    {
        _recoveryState = recoveryState;
        return this;
    }

    /// <summary>Null if nothing changes.</summary>
    public PartitionChangeRecord? ToRecord()
    {
        PartitionMembers members = Reassignment.CompleteIfPossible(_members);
        if (members.Isr.IsEmpty) members = members with { Isr = before.Isr };
        members = members with { EligibleLeaders = FindEligibleLeaders(members) };
        (members, BrokerId leader) = Elect(members);
        bool losesReplica = !members.Replicas.ContainsAll(before.Replicas);

        var record = new PartitionChangeRecord
        {
            TopicId = topic,
            PartitionId = partition,

            // Naming the same leader again raises its epoch: a replica that was taken away must not go on under the old one.
            Leader = leader != before.Leader || losesReplica ? leader.Value : PartitionImage.NoLeaderChange,
            Replicas = Changed(members.Replicas, before.Replicas),
            Isr = Changed(members.Isr, before.Isr),
            AddingReplicas = Changed(members.Adding, before.Adding),
            RemovingReplicas = Changed(members.Removing, before.Removing),
            EligibleLeaderReplicas = Changed(members.EligibleLeaders, before.EligibleLeaders),
            LastKnownElr = leader.IsBroker ? Changed(ReplicaList.Empty, before.LastKnownLeaders) : null,
            LeaderRecoveryState = _recoveryState == before.RecoveryState ? (sbyte)-1 : (sbyte)_recoveryState,
            Directories = members.Replicas == before.Replicas ? null : Array.ConvertAll(members.Replicas.Wire, DirectoryOf),
        };
        return SaysNothing(record) ? null : record;
    }

    /// <summary>
    /// While fewer than the minimum are in sync the watermark stands, so whoever leaves the set then still holds all that
    /// was acknowledged, unless it stopped uncleanly.
    /// </summary>
    ReplicaList FindEligibleLeaders(PartitionMembers members)
    {
        if (!EligibleLeadersEnabled || members.Isr.Count >= MinInSyncReplicas) return ReplicaList.Empty;
        bool Stays(int broker) => members.Replicas.Span.Contains(broker) && !members.Isr.Span.Contains(broker)
            && broker != StoppedUncleanly.Value;

        int[] eligible = [.. members.EligibleLeaders.Wire.Union(before.Isr.Wire).Where(Stays)];
        return eligible.AsSpan().SequenceEqual(members.EligibleLeaders.Span) ? members.EligibleLeaders : new ReplicaList(eligible);
    }

    (PartitionMembers Members, BrokerId Leader) Elect(PartitionMembers members)
    {
        (BrokerId leader, bool isClean) = LeaderElection.Choose(before, members, Election, MayLead, EligibleLeadersEnabled);
        if (!leader.IsBroker || members.Isr.Contains(leader)) return (members, leader);
        ReplicaList eligible = isClean
            ? new ReplicaList([.. members.EligibleLeaders.Wire.Union(members.Isr.Wire).Where(b => b != leader.Value)])
            : ReplicaList.Empty;
        if (!isClean) _recoveryState = LeaderRecoveryState.Recovering;
        return (members with { Isr = new ReplicaList([leader.Value]), EligibleLeaders = eligible }, leader);
    }

    Uuid DirectoryOf(int replica)
    {
        var broker = new BrokerId(replica);
        return (before.Replicas.Contains(broker) ? before.DirectoryOf(broker) : DirectoryFor(broker)).Value;
    }

    static int[]? Changed(ReplicaList after, ReplicaList before) => after == before ? null : after.Wire;

    static bool SaysNothing(PartitionChangeRecord record) => record is
    {
        Leader: PartitionImage.NoLeaderChange, Replicas: null, Isr: null, AddingReplicas: null, RemovingReplicas: null,
        EligibleLeaderReplicas: null, LastKnownElr: null, LeaderRecoveryState: -1, Directories: null,
    };
}
