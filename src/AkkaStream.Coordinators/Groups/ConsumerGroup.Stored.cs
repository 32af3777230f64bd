using AkkaStream.Coordinators.Groups.Assignors;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>The group as records, back from them, and as tools see it.</summary>
public sealed partial class ConsumerGroup
{
    StoredRecord EpochRecord(int epoch, long hash) => new(
        new ConsumerGroupMetadataKey { GroupId = Id }, new ConsumerGroupMetadataValue { Epoch = epoch, MetadataHash = hash }, 0);

    StoredRecord TargetRecord(string memberId, PartitionsByTopic partitions) => new(
        new ConsumerGroupTargetAssignmentMemberKey { GroupId = Id, MemberId = memberId },
        new ConsumerGroupTargetAssignmentMemberValue
        {
            TopicPartitions = [.. partitions.Topics.Select(t => new ConsumerGroupTargetAssignmentMemberValueTopicPartitions
            {
                TopicId = t.Key,
                Partitions = t.Value,
            })],
        }, 0);

    void WriteMemberTombstones(string memberId, Decision decision)
    {
        decision.Write(StoredRecord.Tombstone(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = Id, MemberId = memberId }));
        decision.Write(StoredRecord.Tombstone(new ConsumerGroupTargetAssignmentMemberKey { GroupId = Id, MemberId = memberId }));
        decision.Write(StoredRecord.Tombstone(new ConsumerGroupMemberMetadataKey { GroupId = Id, MemberId = memberId }));
    }

    /// <summary>A static member comes back under another id: all that is known of it moves there.</summary>
    void WriteReplacement(ConsumerMember holder, ConsumerMember member, Decision decision)
    {
        WriteMemberTombstones(holder.Id, decision);
        decision.Write(member.SubscriptionRecord(Id));
        decision.Write(TargetRecord(member.Id, _target.GetValueOrDefault(holder.Id) ?? PartitionsByTopic.Empty));
        decision.Write(member.AssignmentRecord(Id));
    }

    internal override void WriteTombstones(Decision decision)
    {
        foreach (string memberId in _members.Keys) WriteMemberTombstones(memberId, decision);
        foreach (string regex in _patterns.Keys) WritePatternTombstone(regex, decision);
        decision.Write(StoredRecord.Tombstone(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = Id }));
        decision.Write(StoredRecord.Tombstone(new ConsumerGroupMetadataKey { GroupId = Id }));
    }

    internal void Apply(ConsumerGroupMetadataValue value)
    {
        Epoch = value.Epoch;
        MetadataHash = value.MetadataHash;
    }

    internal void Apply(ConsumerGroupTargetAssignmentMetadataValue? value)
    {
        AssignmentEpoch = value?.AssignmentEpoch ?? 0;
        AssignedAtMs = value?.AssignmentTimestamp ?? 0;
    }

    internal void ApplySubscription(string memberId, ConsumerGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            if (!_members.Remove(memberId, out var gone)) return;
            Disown(gone);
            if (gone.InstanceId is { } instance && _staticMembers.GetValueOrDefault(instance) == memberId) _staticMembers.Remove(instance);
            DropDeadlines(memberId);
            return;
        }
        var member = (_members.GetValueOrDefault(memberId) ?? new ConsumerMember(memberId)).With(value);
        _members[memberId] = member;
        if (member.InstanceId is { } name) _staticMembers[name] = memberId;
    }

    internal void ApplyAssignment(string memberId, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        // Compaction may leave an assignment behind whose member is not known yet, or not any more.
        if (value is null && !_members.ContainsKey(memberId)) return;
        var before = _members.GetValueOrDefault(memberId) ?? new ConsumerMember(memberId);
        Disown(before);
        var after = value is null
            ? before with { Assigned = OwnedPartitions.Empty, PendingRevocation = OwnedPartitions.Empty, State = MemberState.Stable }
            : before.With(value);
        _members[memberId] = after;
        foreach (var (topic, partition, _) in after.Assigned.All.Concat(after.PendingRevocation.All))
            _owners[(topic, partition)] = (memberId, after.Epoch);
    }

    void Disown(ConsumerMember member)
    {
        foreach (var (topic, partition, _) in member.Assigned.All.Concat(member.PendingRevocation.All))
        {
            if (_owners.TryGetValue((topic, partition), out var owner) && owner.Member == member.Id) _owners.Remove((topic, partition));
        }
    }

    internal void ApplyTarget(string memberId, ConsumerGroupTargetAssignmentMemberValue? value)
    {
        if (value is null)
        {
            _target.Remove(memberId);
            return;
        }
        var partitions = new PartitionsByTopic.Builder();
        foreach (var topic in value.TopicPartitions)
        {
            foreach (int partition in topic.Partitions) partitions.Add(topic.TopicId, partition);
        }
        _target[memberId] = partitions.Build();
    }

    internal void ApplyPattern(string regex, ConsumerGroupRegularExpressionValue? value)
    {
        if (value is not null) _patterns[regex] = new ResolvedPattern(value.Topics, value.Version, value.Timestamp);
        else if (_patterns.Remove(regex)) _compiled.Remove(regex);
    }

    /// <summary>The records of a decision have all been applied.</summary>
    internal void OnApplied(Decision decision)
    {
        if (_members.Count == 0) _watch.End(this, GroupEventKind.Emptied, Epoch, decision);
        else if (_watch.IsRunning && StateName == "Stable") _watch.End(this, GroupEventKind.Rebalanced, AssignmentEpoch, decision);
        if (OnlyClassicMembersAreLeft(decision.Settings)) decision.SetDeadline(_downgradeDue, 0);
    }

    /// <summary>All sessions start in full, and whoever was to give something up has its full time again.</summary>
    internal void OnLoaded(Decision decision)
    {
        foreach (var member in _members.Values)
        {
            RestartSession(member, decision);
            if (member.State != MemberState.UnrevokedPartitions) continue;
            var due = DeadlinesOf(member.Id).Rebalance;
            due.Epoch = member.Epoch;
            decision.SetDeadline(due, member.RebalanceTimeoutMs);
        }
        if (Epoch > AssignmentEpoch && _members.Count > 0) decision.SetDeadline(_assignmentDue, UntilNextAssignment(decision));
        if (OnlyClassicMembersAreLeft(decision.Settings)) decision.SetDeadline(_downgradeDue, 0);
    }

    internal ConsumerGroupDescribeResponseGroup Describe(GroupSettings settings) => new()
    {
        GroupId = Id,
        GroupState = StateName,
        GroupEpoch = Epoch,
        AssignmentEpoch = AssignmentEpoch,
        AssignorName = AssignorOf(_members.Values, settings),
        Members = [.. _members.Values.Select(Describe)],
    };

    ConsumerGroupDescribeResponseMember Describe(ConsumerMember member) => new()
    {
        MemberId = member.Id,
        InstanceId = member.InstanceId,
        RackId = member.RackId,
        MemberEpoch = member.Epoch,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        SubscribedTopicNames = [.. member.Topics],
        SubscribedTopicRegex = member.Regex,
        Assignment = Describe(member.Assigned.ToPartitions()),
        TargetAssignment = Describe(_target.GetValueOrDefault(member.Id) ?? PartitionsByTopic.Empty),
        MemberType = (sbyte)(member.IsClassic ? 0 : 1),
    };

    ConsumerGroupDescribeResponseAssignment Describe(PartitionsByTopic partitions) => new()
    {
        TopicPartitions =
        [
            .. partitions.Topics.Where(t => Topics.Find(t.Key) is not null).Select(t => new ConsumerGroupDescribeResponseTopicPartitions
            {
                TopicId = t.Key,
                TopicName = Topics.Find(t.Key)?.Name ?? "",
                Partitions = t.Value,
            }),
        ],
    };
}
