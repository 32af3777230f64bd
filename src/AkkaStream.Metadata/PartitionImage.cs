using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Metadata;

/// <summary>Whether the leader's log is known to hold all that was acknowledged (KIP-704).</summary>
public enum LeaderRecoveryState : sbyte
{
    Recovered = 0,

    /// <summary>Elected from outside the in-sync set: acknowledged records may be missing.</summary>
    Recovering = 1,
}

/// <summary>
/// One partition as the controller decided it. Immutable; a change is a new object, so two images that share it share the
/// partition's state. There may be tens of thousands: keep it small (lists that say the same share their arrays).
/// </summary>
public sealed record PartitionImage
{
    /// <summary>A <see cref="PartitionChangeRecord"/> that leaves the leader, and with it the leader epoch, alone.</summary>
    public const int NoLeaderChange = -2;

    /// <summary>All brokers that hold the partition; the first is the preferred leader.</summary>
    public ReplicaList Replicas { get; init; }

    /// <summary>The replicas that hold all that is committed.</summary>
    public ReplicaList Isr { get; init; }

    /// <summary>Replicas that a running reassignment brings in.</summary>
    public ReplicaList Adding { get; init; }

    /// <summary>Replicas that a running reassignment takes away.</summary>
    public ReplicaList Removing { get; init; }

    /// <summary>Replicas that left the in-sync set while it was below its minimum, and still hold all (KIP-966).</summary>
    public ReplicaList EligibleLeaders { get; init; }

    /// <summary>Who was eligible, or led, before an unclean stop took that away.</summary>
    public ReplicaList LastKnownLeaders { get; init; }

    /// <summary>In which log directory of its broker each replica lies.</summary>
    public DirectoryList Directories { get; init; }

    /// <summary><see cref="BrokerId.None"/> while nobody may lead.</summary>
    public BrokerId Leader { get; init; }

    public LeaderEpoch LeaderEpoch { get; init; }

    public PartitionEpoch PartitionEpoch { get; init; }

    public LeaderRecoveryState RecoveryState { get; init; }

    public bool HasLeader => Leader.IsBroker;

    public BrokerId PreferredLeader => Replicas.IsEmpty ? BrokerId.None : Replicas[0];

    public bool IsReassigning => !Adding.IsEmpty || !Removing.IsEmpty;

    public DirectoryId DirectoryOf(BrokerId replica)
    {
        int index = Replicas.Span.IndexOf(replica.Value);
        return index < 0 || index >= Directories.Count ? DirectoryId.Unassigned : Directories[index];
    }

    public static PartitionImage Of(PartitionRecord record)
    {
        var replicas = new ReplicaList(record.Replicas);
        return new PartitionImage
        {
            Replicas = replicas,
            Isr = Share(record.Isr, replicas),
            Adding = new ReplicaList(record.AddingReplicas),
            Removing = new ReplicaList(record.RemovingReplicas),
            EligibleLeaders = new ReplicaList(record.EligibleLeaderReplicas ?? []),
            LastKnownLeaders = new ReplicaList(record.LastKnownElr ?? []),
            Directories = record.Directories.Length == 0
                ? DirectoryList.AllOf(DirectoryId.Migrating, replicas.Count)
                : new DirectoryList(record.Directories),
            Leader = new BrokerId(record.Leader),
            LeaderEpoch = new LeaderEpoch(record.LeaderEpoch),
            PartitionEpoch = new PartitionEpoch(record.PartitionEpoch),
            RecoveryState = (LeaderRecoveryState)record.LeaderRecoveryState,
        };
    }

    /// <summary>
    /// What the record changes; everything absent stays. The leader epoch grows whenever the record names a leader, be it
    /// the same one; the partition epoch always.
    /// </summary>
    public PartitionImage Apply(PartitionChangeRecord record)
    {
        ReplicaList replicas = record.Replicas is null ? Replicas : new ReplicaList(record.Replicas);
        bool namesLeader = record.Leader != NoLeaderChange;
        return new PartitionImage
        {
            Replicas = replicas,
            Isr = record.Isr is null ? Isr : Share(record.Isr, replicas),
            Adding = record.AddingReplicas is null ? Adding : new ReplicaList(record.AddingReplicas),
            Removing = record.RemovingReplicas is null ? Removing : new ReplicaList(record.RemovingReplicas),
            EligibleLeaders = record.EligibleLeaderReplicas is null
                ? EligibleLeaders
                : new ReplicaList(record.EligibleLeaderReplicas),
            LastKnownLeaders = record.LastKnownElr is null ? LastKnownLeaders : new ReplicaList(record.LastKnownElr),
            Directories = ApplyDirectories(record, replicas),
            Leader = namesLeader ? new BrokerId(record.Leader) : Leader,
            LeaderEpoch = namesLeader ? LeaderEpoch.Next : LeaderEpoch,
            PartitionEpoch = PartitionEpoch.Next,
            RecoveryState = record.LeaderRecoveryState < 0 ? RecoveryState : (LeaderRecoveryState)record.LeaderRecoveryState,
        };
    }

    /// <summary>
    /// The leader came back as a new incarnation: by fencing it and taking it back its epoch has grown twice, and so has
    /// the partition's, without a record for each step. Members and leader are the same before and after.
    /// </summary>
    public PartitionImage AfterLeaderRestart() => this with
    {
        LeaderEpoch = new LeaderEpoch(LeaderEpoch.Value + 2),
        PartitionEpoch = new PartitionEpoch(PartitionEpoch.Value + 2),
    };

    /// <summary>The same partition over the arrays of one that says the same: most partitions of a topic do.</summary>
    internal PartitionImage SharingWith(PartitionImage other)
    {
        if (Replicas != other.Replicas || Directories != other.Directories) return this;
        ReplicaList isr = Isr == other.Isr ? other.Isr : Isr == Replicas ? other.Replicas : Isr;
        return this with { Replicas = other.Replicas, Isr = isr, Directories = other.Directories };
    }

    public PartitionRecord ToRecord(TopicId topic, int partition) => new()
    {
        PartitionId = partition,
        TopicId = topic,
        Replicas = Replicas.Wire,
        Isr = Isr.Wire,
        RemovingReplicas = Removing.Wire,
        AddingReplicas = Adding.Wire,
        Leader = Leader.Value,
        LeaderRecoveryState = (sbyte)RecoveryState,
        LeaderEpoch = LeaderEpoch.Value,
        PartitionEpoch = PartitionEpoch.Value,
        Directories = Directories.Wire,
        EligibleLeaderReplicas = EligibleLeaders.IsEmpty ? null : EligibleLeaders.Wire,
        LastKnownElr = LastKnownLeaders.IsEmpty ? null : LastKnownLeaders.Wire,
    };

    static ReplicaList Share(int[] brokers, ReplicaList replicas) =>
        replicas.Span.SequenceEqual(brokers) ? replicas : new ReplicaList(brokers);

    /// <summary>A replica that stays keeps its directory when the record tells new replicas without telling directories.</summary>
    DirectoryList ApplyDirectories(PartitionChangeRecord record, ReplicaList replicas)
    {
        if (record.Directories is { Length: > 0 } told) return new DirectoryList(told);
        if (record.Replicas is null) return Directories;
        return new DirectoryList(Array.ConvertAll(replicas.Wire, r => DirectoryOf(new BrokerId(r)).Value));
    }
}
