using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// Members that still speak the classic protocol, while a group changes over. To them the coordinator looks like a leader that assigns: joining is
/// their heartbeat with a subscription, syncing fetches what they own, and a heartbeat tells them to join again.
/// </summary>
public sealed partial class ConsumerGroup
{
    internal void Join(CoordinatorCall call, JoinGroupRequest request, Func<string> newId, Decision decision)
    {
        var error = JoinClassic(call, request, newId, decision);
        if (error != ErrorCode.None) decision.Answer(call, ClassicGroup.Refused(call.Version, request.MemberId, error));
    }

    ErrorCode JoinClassic(CoordinatorCall call, JoinGroupRequest request, Func<string> newId, Decision decision)
    {
        if (!HasRoomFor(request.MemberId, request.GroupInstanceId, decision.Settings)) return ErrorCode.GroupMaxSizeReached;
        if (!Understands(request)) return ErrorCode.InconsistentGroupProtocol;
        if (ReadSubscription(request.Protocols[0].Metadata) is not { } subscription) return ErrorCode.InconsistentGroupProtocol;
        string memberId = request.MemberId;
        if (memberId.Length == 0)
        {
            memberId = $"{request.GroupInstanceId ?? call.ClientId}-{newId()}";
            if (request.GroupInstanceId is null && call.Version >= ClassicGroup.FirstVersionWithKnownMemberId)
            {
                decision.Answer(call, ClassicGroup.Refused(call.Version, memberId, ErrorCode.MemberIdRequired));
                return ErrorCode.None;
            }
        }
        var error = FindClassic(memberId, request, decision, out var member, out var replaced);
        if (error != ErrorCode.None) return error;

        var updated = member with
        {
            InstanceId = request.GroupInstanceId ?? member.InstanceId,
            RackId = subscription.RackId ?? member.RackId,
            RebalanceTimeoutMs = request.RebalanceTimeoutMs < 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs,
            Topics = ConsumerMember.Ordered(subscription.Topics),
            Regex = "",
            ClientId = call.ClientId,
            ClientHost = call.ClientHost,
            Classic = new ClassicPart(request.SessionTimeoutMs, request.Protocols),
        };
        string reason = _members.ContainsKey(memberId) ? "changed its subscription" : "a new member of the classic protocol";
        var refused = Advance(member, ref updated, replaced, OwnedIn(subscription), reason, decision);
        if (!refused.IsNone) return refused.Code;

        var deadlines = DeadlinesOf(updated.Id);
        DeadlineQueue.Cancel(deadlines.Rebalance);
        RestartSession(updated, decision);
        decision.SetDeadline(deadlines.Sync, updated.RebalanceTimeoutMs);
        decision.AnswerAtCommit(call, new JoinGroupResponse
        {
            MemberId = updated.Id,
            GenerationId = updated.Epoch,
            ProtocolType = ClassicGroup.ConsumerProtocolType,
            ProtocolName = request.Protocols[0].Name,
        });
        return ErrorCode.None;
    }

    /// <summary>A strategy that all members of the classic protocol can: should the group go back, it needs one.</summary>
    bool Understands(JoinGroupRequest request)
    {
        if (request.ProtocolType != ClassicGroup.ConsumerProtocolType || request.Protocols.Length == 0) return false;
        var classic = _members.Values.Select(m => m.Classic).OfType<ClassicPart>().ToArray();
        return Array.Exists(request.Protocols, p => Array.TrueForAll(classic, c => Array.Exists(c.Protocols, o => o.Name == p.Name)));
    }

    ErrorCode FindClassic(
        string memberId, JoinGroupRequest request, Decision decision, out ConsumerMember member, out ConsumerMember? replaced)
    {
        replaced = null;
        member = _members.GetValueOrDefault(memberId) ?? new ConsumerMember(memberId) { InstanceId = request.GroupInstanceId };
        if (request.GroupInstanceId is not { } instance || !_staticMembers.TryGetValue(instance, out string? holderId)) return ErrorCode.None;
        if (holderId == memberId) return ErrorCode.None;
        if (request.MemberId.Length > 0) return ErrorCode.FencedInstanceId;
        replaced = _members[holderId];
        member = replaced with { Id = memberId, Epoch = AssignmentEpoch, State = MemberState.Stable };
        WriteReplacement(replaced, member, decision);
        return ErrorCode.None;
    }

    internal void Sync(CoordinatorCall call, SyncGroupRequest request, Decision decision)
    {
        var error = CheckSync(request, decision, out var member);
        if (error != ErrorCode.None || member is null)
        {
            decision.Answer(call, new SyncGroupResponse { ErrorCode = error });
            return;
        }
        DeadlineQueue.Cancel(DeadlinesOf(member.Id).Sync);
        var protocol = member.Classic?.Protocols.FirstOrDefault();
        decision.AnswerAtCommit(call, new SyncGroupResponse
        {
            ProtocolType = ClassicGroup.ConsumerProtocolType,
            ProtocolName = protocol?.Name,
            Assignment = WriteAssignment(member.Assigned.ToPartitions(), protocol?.Metadata ?? default),
        });
    }

    ErrorCode CheckSync(SyncGroupRequest request, Decision decision, out ConsumerMember? member)
    {
        var error = CheckClassic(request.MemberId, request.GroupInstanceId, out member);
        if (error != ErrorCode.None || member is null) return error;
        if (request.GenerationId != member.Epoch) return ErrorCode.IllegalGeneration;
        string? protocol = member.Classic?.Protocols.FirstOrDefault()?.Name;
        if ((request.ProtocolType ?? ClassicGroup.ConsumerProtocolType) != ClassicGroup.ConsumerProtocolType
            || (request.ProtocolName ?? protocol) != protocol) return ErrorCode.InconsistentGroupProtocol;
        // It knows of the newest epoch only by joining again; one that is giving partitions up finishes that first.
        if (Epoch <= member.Epoch || member.State == MemberState.UnrevokedPartitions) return ErrorCode.None;
        ExpectJoin(member, decision);
        return ErrorCode.RebalanceInProgress;
    }

    internal ErrorCode Heartbeat(HeartbeatRequest request, Decision decision)
    {
        var error = CheckClassic(request.MemberId, request.GroupInstanceId, out var member);
        if (error != ErrorCode.None || member is null) return error;
        if (request.GenerationId != member.Epoch) return ErrorCode.IllegalGeneration;
        RestartSession(member, decision);
        bool mustJoin = member.Epoch < Epoch || member.State == MemberState.UnrevokedPartitions
            || (member.State == MemberState.UnreleasedPartitions && !IsWaiting(member));
        if (!mustJoin) return ErrorCode.None;
        ExpectJoin(member, decision);
        return ErrorCode.RebalanceInProgress;
    }

    void ExpectJoin(ConsumerMember member, Decision decision)
    {
        var due = DeadlinesOf(member.Id).Rebalance;
        if (due.IsSet) return;
        due.Epoch = member.Epoch;
        decision.SetDeadline(due, member.RebalanceTimeoutMs);
    }

    /// <summary>Part of its target still belongs to somebody else.</summary>
    bool IsWaiting(ConsumerMember member)
    {
        foreach (var (topic, partitions) in (_target.GetValueOrDefault(member.Id) ?? PartitionsByTopic.Empty).Topics)
        {
            foreach (int partition in partitions)
            {
                if (_owners.TryGetValue((topic, partition), out var owner) && owner.Member != member.Id) return true;
            }
        }
        return false;
    }

    ErrorCode CheckClassic(string memberId, string? instanceId, out ConsumerMember? member)
    {
        member = null;
        if (instanceId is not null)
        {
            if (!_staticMembers.TryGetValue(instanceId, out string? holder)) return ErrorCode.UnknownMemberId;
            if (holder != memberId) return ErrorCode.FencedInstanceId;
        }
        return _members.TryGetValue(memberId, out member) && member.IsClassic ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    internal LeaveGroupResponseMember[] Leave(LeaveGroupRequestMember[] leaving, Decision decision)
    {
        var gone = new List<ConsumerMember>();
        var answers = Array.ConvertAll(leaving, one =>
        {
            string memberId = one.MemberId.Length == 0 && one.GroupInstanceId is { } instance
                ? _staticMembers.GetValueOrDefault(instance, "") : one.MemberId;
            var error = CheckClassic(memberId, one.MemberId.Length == 0 ? null : one.GroupInstanceId, out var member);
            if (member is not null && error == ErrorCode.None && !gone.Contains(member)) gone.Add(member);
            return new LeaveGroupResponseMember { MemberId = one.MemberId, GroupInstanceId = one.GroupInstanceId, ErrorCode = error };
        });
        if (gone.Count > 0) Remove(gone, "left", decision);
        return answers;
    }

    static ConsumerProtocolSubscription? ReadSubscription(ReadOnlyMemory<byte> metadata)
    {
        try
        {
            return StoredTable.ReadSubscription(metadata);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    PartitionsByTopic OwnedIn(ConsumerProtocolSubscription subscription)
    {
        var owned = new PartitionsByTopic.Builder();
        foreach (var topic in subscription.OwnedPartitions)
        {
            if (Topics.Find(topic.Topic) is not { } known) continue;
            foreach (int partition in topic.Partitions) owned.Add(known.Id, partition);
        }
        return owned.Build();
    }

    /// <summary>In the version that the member itself speaks.</summary>
    byte[] WriteAssignment(PartitionsByTopic partitions, ReadOnlyMemory<byte> metadata)
    {
        short version = metadata.Length >= 2 ? (short)Math.Clamp((metadata.Span[0] << 8) | metadata.Span[1], 0, 3) : (short)0;
        return StoredTable.ToBytes(AssignmentOf(partitions, Topics), version);
    }

    internal static ConsumerProtocolAssignment AssignmentOf(PartitionsByTopic partitions, TopicsImage topics) => new()
    {
        AssignedPartitions =
        [
            .. partitions.Topics.Where(t => topics.Find(t.Key) is not null).Select(t => new ConsumerProtocolAssignmentTopicPartitions
            {
                Topic = topics.Find(t.Key)?.Name ?? "",
                Partitions = t.Value,
            }),
        ],
    };
}
