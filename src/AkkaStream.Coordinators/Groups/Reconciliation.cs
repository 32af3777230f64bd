using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// One step of a member towards its target (KIP-848). First it gives up what it must not keep, in its old epoch; when it says that it has, it
/// moves to the target's epoch and gets what nobody else owns any more, and the rest as soon as the others have let go.
/// </summary>
/// <param name="TargetEpoch">Of the assignment to reach.</param>
/// <param name="Target">What the member shall own.</param>
/// <param name="IsFree">Whether nobody owns a partition, nor is about to give it up.</param>
/// <param name="ToldOwned">What the member says it owns; null when it said nothing new.</param>
/// <param name="ChangedSubscription">It may own what it does not read any more, although the target is not new.</param>
readonly record struct Reconciliation(
    int TargetEpoch, PartitionsByTopic Target, Func<TopicId, int, bool> IsFree, PartitionsByTopic? ToldOwned, bool ChangedSubscription)
{
    public ConsumerMember Next(ConsumerMember member)
    {
        switch (member.State)
        {
            case MemberState.Stable:
                return member.Epoch == TargetEpoch && !ChangedSubscription ? member : Towards(member, member.Epoch);
            case MemberState.UnrevokedPartitions:
                if (ToldOwned is null || ToldOwned.Overlaps(member.PendingRevocation.ToPartitions())) return member;
                // It has done what this epoch asked for. Newer targets may ask for more.
                return Towards(member, member.Epoch + 1);
            default:
                return Towards(member, member.Epoch);
        }
    }

    ConsumerMember Towards(ConsumerMember member, int epoch)
    {
        var kept = new List<(TopicId, int, int)>();
        var revoked = new List<(TopicId Topic, int Partition, int Epoch)>();
        foreach (var owned in member.Assigned.All)
        {
            if (Target.Contains(owned.Topic, owned.Partition)) kept.Add(owned);
            else revoked.Add(owned);
        }
        if (revoked.Count > 0 && StillOwnsAny(revoked))
        {
            return Move(member, epoch) with
            {
                State = MemberState.UnrevokedPartitions,
                Assigned = OwnedPartitions.Of(kept),
                PendingRevocation = OwnedPartitions.Of(revoked),
            };
        }
        bool waits = false;
        foreach (var (topic, partitions) in Target.Topics)
        {
            foreach (int partition in partitions)
            {
                if (member.Assigned.EpochOf(topic, partition) >= 0) continue;
                if (IsFree(topic, partition)) kept.Add((topic, partition, TargetEpoch));
                else waits = true;
            }
        }
        return Move(member, TargetEpoch) with
        {
            State = waits ? MemberState.UnreleasedPartitions : MemberState.Stable,
            Assigned = OwnedPartitions.Of(kept),
            PendingRevocation = OwnedPartitions.Empty,
        };
    }

    static ConsumerMember Move(ConsumerMember member, int epoch) => member with { PreviousEpoch = member.Epoch, Epoch = epoch };

    bool StillOwnsAny(List<(TopicId Topic, int Partition, int Epoch)> revoked)
    {
        if (ToldOwned is null) return true;
        foreach (var (topic, partition, _) in revoked)
        {
            if (ToldOwned.Contains(topic, partition)) return true;
        }
        return false;
    }
}
