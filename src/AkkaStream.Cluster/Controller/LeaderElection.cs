using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Controller;

/// <summary>How far an election may go to give a partition a leader.</summary>
enum ElectionKind
{
    /// <summary>Keep the present leader if it may lead, else take any in-sync replica.</summary>
    Online,

    /// <summary>The first replica if it may lead, else as online.</summary>
    Preferred,

    /// <summary>As online, and any living replica rather than none: acknowledged records may be lost.</summary>
    Unclean,
}

/// <param name="IsClean">False if the leader may miss records that were acknowledged.</param>
readonly record struct ElectedLeader(BrokerId Leader, bool IsClean);

/// <summary>Who leads a partition next. Pure; called by <see cref="PartitionChange"/> with the members as they will be.</summary>
static class LeaderElection
{
    public static ElectedLeader Choose(PartitionImage before, PartitionMembers members, ElectionKind kind, Func<BrokerId, bool> mayLead,
        bool eligibleLeadersEnabled)
    {
        // An eligible replica counts only when no in-sync one can lead: it holds all that was acknowledged, but may lack
        // what was appended behind it.
        bool anyInSync = First(members.Isr, mayLead) is not null;
        bool IsSafe(BrokerId replica) =>
            mayLead(replica) && (members.Isr.Contains(replica) || (!anyInSync && members.EligibleLeaders.Contains(replica)));

        BrokerId preferred = members.Replicas.IsEmpty ? BrokerId.None : members.Replicas[0];
        if (kind == ElectionKind.Preferred && IsSafe(preferred)) return new ElectedLeader(preferred, IsClean: true);
        if (IsSafe(before.Leader)) return new ElectedLeader(before.Leader, IsClean: true);
        if (First(members.Replicas, IsSafe) is { } safe) return new ElectedLeader(safe, IsClean: true);

        // Nobody is left who surely holds all. With one last known leader its log is the longest there is (KIP-966).
        if (eligibleLeadersEnabled && members.Isr.IsEmpty && members.EligibleLeaders.IsEmpty
            && before.LastKnownLeaders.Count == 1 && mayLead(before.LastKnownLeaders[0]))
            return new ElectedLeader(before.LastKnownLeaders[0], IsClean: false);
        if (kind == ElectionKind.Unclean && First(members.Replicas, mayLead) is { } any) return new ElectedLeader(any, IsClean: false);
        return new ElectedLeader(BrokerId.None, IsClean: true);
    }

    static BrokerId? First(ReplicaList replicas, Func<BrokerId, bool> fits)
    {
        for (int i = 0; i < replicas.Count; i++)
            if (fits(replicas[i])) return replicas[i];
        return null;
    }
}
