using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// From one replica list to another, step by step, as KIP-455 lays it down. Pure. The first step adds the new replicas
/// and marks those that will go; when all that shall stay are in sync, the last step drops the others. A change that
/// needs no copying takes both at once.
/// </summary>
static class Reassignment
{
    public static PartitionMembers Begin(PartitionMembers members, ReplicaList target)
    {
        ReplicaList before = Original(members);
        int[] adding = [.. target.Wire.Except(before.Wire).Order()];
        int[] removing = [.. members.Replicas.Wire.Except(target.Wire).Order()];
        return members with
        {
            Replicas = new ReplicaList([.. target.Wire, .. removing]),
            Adding = new ReplicaList(adding),
            Removing = new ReplicaList(removing),
        };
    }

    /// <summary>The same members with the reassignment ended, once every replica that stays is in sync.</summary>
    public static PartitionMembers CompleteIfPossible(PartitionMembers members)
    {
        if (members.Adding.IsEmpty && members.Removing.IsEmpty) return members;
        ReplicaList replicas = Without(members.Replicas, members.Removing);
        ReplicaList isr = Without(members.Isr, members.Removing);
        if (replicas.IsEmpty || isr.IsEmpty || !isr.ContainsAll(replicas)) return members;
        return members with { Replicas = replicas, Isr = isr, Adding = ReplicaList.Empty, Removing = ReplicaList.Empty };
    }

    /// <summary>Back to the replicas from before the reassignment began. Not clean if none of them is in sync any more.</summary>
    public static (PartitionMembers Members, bool IsClean) Cancel(PartitionMembers members)
    {
        ReplicaList replicas = Original(members);
        ReplicaList isr = Without(members.Isr, members.Adding);
        bool isClean = !isr.IsEmpty;
        return (members with
        {
            Replicas = replicas,
            Isr = isClean ? isr : new ReplicaList([replicas[0].Value]),
            Adding = ReplicaList.Empty,
            Removing = ReplicaList.Empty,
        }, isClean);
    }

    static ReplicaList Original(PartitionMembers members) => Without(members.Replicas, members.Adding);

    static ReplicaList Without(ReplicaList brokers, ReplicaList gone) =>
        gone.IsEmpty ? brokers : new ReplicaList(Array.FindAll(brokers.Wire, b => !gone.Contains(new BrokerId(b))));
}
