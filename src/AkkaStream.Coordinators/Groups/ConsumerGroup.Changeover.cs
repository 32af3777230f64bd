using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// From the classic protocol to this one and back while members work (group.consumer.migration.policy): the first member of the new protocol turns
/// the group over, and when the last one is gone it turns back.
/// </summary>
public sealed partial class ConsumerGroup
{
    readonly DowngradeDeadline _downgradeDue;

    /// <summary>
    /// The classic group as one of this protocol, everybody where it stands. Writes the records of the change; null when the members' bytes are
    /// not what consumers write.
    /// </summary>
    internal static ConsumerGroup? Of(ClassicGroup classic, GroupShard shard, GroupFile file, Decision decision)
    {
        var group = new ConsumerGroup(classic.Id, shard, file) { Epoch = classic.Generation, AssignmentEpoch = classic.Generation };
        var members = new List<ConsumerMember>();
        foreach (var member in classic.Members.Values)
        {
            if (group.MemberOf(member, classic) is not { } converted) return null;
            members.Add(converted);
        }
        classic.WriteTombstones(decision);
        foreach (var member in members) group.Take(member.SubscriptionRecord(classic.Id), decision);
        group.Take(group.EpochRecord(classic.Generation, 0), decision);
        foreach (var member in members) group.Take(group.TargetRecord(member.Id, member.Assigned.ToPartitions()), decision);
        group.Take(new StoredRecord(
            new ConsumerGroupTargetAssignmentMetadataKey { GroupId = classic.Id },
            new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = classic.Generation }, 0), decision);
        foreach (var member in members) group.Take(member.AssignmentRecord(classic.Id), decision);
        foreach (var member in members) group.RestartSession(member, decision);
        return group;
    }

    /// <summary>Written, and taken over at once: what follows in the same decision builds on it.</summary>
    void Take(StoredRecord record, Decision decision)
    {
        decision.Write(record);
        switch (record.Key)
        {
            case ConsumerGroupMemberMetadataKey key: ApplySubscription(key.MemberId, (ConsumerGroupMemberMetadataValue?)record.Value); break;
            case ConsumerGroupTargetAssignmentMemberKey key:
                ApplyTarget(key.MemberId, (ConsumerGroupTargetAssignmentMemberValue?)record.Value);
                break;
            case ConsumerGroupCurrentMemberAssignmentKey key:
                ApplyAssignment(key.MemberId, (ConsumerGroupCurrentMemberAssignmentValue?)record.Value);
                break;
        }
    }

    ConsumerMember? MemberOf(ClassicMember member, ClassicGroup classic)
    {
        string? protocol = classic.Protocol ?? member.Protocols.FirstOrDefault()?.Name;
        if (ReadSubscription(member.MetadataFor(protocol)) is not { } subscription) return null;
        var owned = new List<(TopicId, int, int)>();
        try
        {
            if (!member.Assignment.IsEmpty)
            {
                foreach (var topic in StoredTable.ReadAssignment(member.Assignment).AssignedPartitions)
                {
                    if (Topics.Find(topic.Topic) is not { } known) continue;
                    foreach (int partition in topic.Partitions) owned.Add((known.Id, partition, classic.Generation));
                }
            }
        }
        catch (WireFormatException)
        {
            return null;
        }
        return new ConsumerMember(member.Id)
        {
            InstanceId = member.InstanceId,
            RackId = subscription.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            Topics = ConsumerMember.Ordered(subscription.Topics),
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            Classic = new ClassicPart(member.SessionTimeoutMs, member.Protocols),
            Epoch = classic.Generation,
            PreviousEpoch = classic.Generation,
            Assigned = OwnedPartitions.Of(owned),
        };
    }

    bool OnlyClassicMembersAreLeft(GroupSettings settings)
    {
        if (_members.Count == 0 || !settings.AllowsDowngrade || _members.Count > settings.MaxSize) return false;
        foreach (var member in _members.Values)
        {
            if (!member.IsClassic) return false;
        }
        return true;
    }

    void Downgrade(Decision decision)
    {
        if (!OnlyClassicMembersAreLeft(decision.Settings)) return;
        WriteTombstones(decision);
        var classic = ClassicGroup.Of(this, _shard.FileOf(Id), decision);
        decision.Afterwards = (d, error) =>
        {
            if (error == ErrorCode.None) _shard.Replace(classic, d);
        };
    }

    internal byte[] ClassicAssignmentOf(ConsumerMember member) => WriteAssignment(
        _target.GetValueOrDefault(member.Id) ?? PartitionsByTopic.Empty, member.Classic?.Protocols.FirstOrDefault()?.Metadata ?? default);

    sealed class DowngradeDeadline(ConsumerGroup group) : Deadline
    {
        internal override void OnDue(Decision decision) => group.Downgrade(decision);
    }
}
