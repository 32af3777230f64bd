using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>ConsumerGroupHeartbeat: joining, staying, telling, leaving.</summary>
public sealed partial class ConsumerGroup
{
    internal GroupError Heartbeat(CoordinatorCall call, ConsumerGroupHeartbeatRequest request, string memberId, Decision decision)
    {
        bool joins = request.MemberEpoch == 0;
        if (joins && !HasRoomFor(memberId, request.InstanceId, decision.Settings))
            return new GroupError(
                ErrorCode.GroupMaxSizeReached,
                $"The consumer group has reached its maximum capacity of {decision.Settings.ConsumerMaxSize} members.");
        var told = request.TopicPartitions is null ? null : PartitionsOf(request.TopicPartitions);
        var error = FindMember(memberId, request.InstanceId, request.MemberEpoch, told, joins, decision, out var member, out var replaced);
        if (!error.IsNone) return error;

        var updated = member with
        {
            InstanceId = request.InstanceId ?? member.InstanceId,
            RackId = request.RackId ?? member.RackId,
            RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1 ? member.RebalanceTimeoutMs : request.RebalanceTimeoutMs,
            Assignor = request.ServerAssignor ?? member.Assignor,
            Topics = request.SubscribedTopicNames is { } topics ? ConsumerMember.Ordered(topics) : member.Topics,
            Regex = request.SubscribedTopicRegex ?? member.Regex,
            ClientId = call.ClientId,
            ClientHost = call.ClientHost,
            Classic = null,
        };
        error = Advance(member, ref updated, replaced, told, ReasonFor(member, updated, joins), decision);
        if (!error.IsNone) return error;

        RestartSession(updated, decision);
        // Told when it is news; and to whoever shows that it has missed some: by a full request, or by what it says it owns.
        bool isFull = request.RebalanceTimeoutMs != -1 && (request.SubscribedTopicNames is not null || request.SubscribedTopicRegex is not null);
        bool tells = joins || (isFull && told is not null)
            || !updated.Assigned.HoldsTheSameAs(member.Assigned) || (told is not null && !told.Equals(updated.Assigned.ToPartitions()));
        decision.AnswerAtCommit(call, new ConsumerGroupHeartbeatResponse
        {
            MemberId = memberId,
            MemberEpoch = updated.Epoch,
            HeartbeatIntervalMs = Limits(decision).HeartbeatIntervalMs,
            Assignment = tells ? ToResponse(updated.Assigned) : null,
        });
        return GroupError.None;
    }

    bool HasRoomFor(string memberId, string? instanceId, GroupSettings settings) =>
        _members.Count < settings.ConsumerMaxSize || _members.ContainsKey(memberId)
        || (instanceId is not null && _staticMembers.ContainsKey(instanceId));

    static string ReasonFor(ConsumerMember before, ConsumerMember after, bool joins) =>
        joins ? "a new member" : !before.SubscribesTheSameAs(after) ? "changed its subscription" : "the topics changed";

    /// <param name="member">The member as it is, or a new one; for a static member that comes back, what its former self was.</param>
    /// <param name="replaced">The former self, whose place the member takes.</param>
    GroupError FindMember(
        string memberId, string? instanceId, int epoch, PartitionsByTopic? told, bool joins, Decision decision, out ConsumerMember member,
        out ConsumerMember? replaced)
    {
        replaced = null;
        if (instanceId is null || (joins && !_staticMembers.ContainsKey(instanceId)))
        {
            bool known = _members.TryGetValue(memberId, out var found);
            member = found ?? new ConsumerMember(memberId) { InstanceId = instanceId };
            return !known && !joins ? NotAMember(memberId) : CheckEpoch(member, epoch, told);
        }
        member = new ConsumerMember(memberId);
        if (!_staticMembers.TryGetValue(instanceId, out string? holderId)) return UnknownInstance(instanceId);
        var holder = _members[holderId];
        if (!joins)
        {
            if (holderId != memberId) return Fenced(memberId, instanceId, holderId);
            member = holder;
            return CheckEpoch(member, epoch, told);
        }
        if (holderId == memberId && holder.Epoch != ConsumerMember.Away)
        {
            member = holder;
            return CheckEpoch(member, epoch, told);
        }
        if (holder.Epoch != ConsumerMember.Away)
            return new GroupError(
                ErrorCode.UnreleasedInstanceId,
                $"Static member {memberId} with instance id {instanceId} cannot join the group because the instance id is owned by "
                + $"{holderId} member.");
        // Back after a while, perhaps as a new process: it goes on where it stopped.
        member = holder with { Id = memberId, Epoch = 0, PreviousEpoch = 0 };
        replaced = holder;
        if (holderId == memberId) return GroupError.None;
        WriteReplacement(holder, member, decision);
        return GroupError.None;
    }

    /// <summary>
    /// Whoever comes with another epoch than its own has missed something, and must begin anew. One case is harmless: the answer with the newest
    /// epoch was lost, and the member owns nothing that it should not.
    /// </summary>
    static GroupError CheckEpoch(ConsumerMember member, int epoch, PartitionsByTopic? told)
    {
        if (epoch == member.Epoch || (epoch == 0 && member.Epoch == 0)) return GroupError.None;
        if (epoch > member.Epoch)
            return new GroupError(
                ErrorCode.FencedMemberEpoch,
                $"The consumer group member has a greater member epoch ({epoch}) than the one known by the group coordinator ({member.Epoch}). "
                + "The member must abandon all its partitions and rejoin.");
        if (epoch == member.PreviousEpoch && told is not null && member.Assigned.ToPartitions().Covers(told)) return GroupError.None;
        return new GroupError(
            ErrorCode.FencedMemberEpoch,
            $"The consumer group member has a smaller member epoch ({epoch}) than the one known by the group coordinator ({member.Epoch}). "
            + "The member must abandon all its partitions and rejoin.");
    }

    static GroupError UnknownInstance(string instanceId) => new(ErrorCode.UnknownMemberId, $"Instance id {instanceId} is unknown.");

    static GroupError Fenced(string memberId, string instanceId, string holder) => new(
        ErrorCode.FencedInstanceId, $"Static member {memberId} with instance id {instanceId} was fenced by member {holder}.");

    internal GroupError Leave(CoordinatorCall call, ConsumerGroupHeartbeatRequest request, Decision decision)
    {
        ConsumerMember? member;
        if (request.InstanceId is { } instance)
        {
            if (!_staticMembers.TryGetValue(instance, out string? holder)) return UnknownInstance(instance);
            if (holder != request.MemberId) return Fenced(request.MemberId, instance, holder);
            member = _members[holder];
        }
        else if (!_members.TryGetValue(request.MemberId, out member)) return NotAMember(request.MemberId);

        if (request.MemberEpoch == ConsumerMember.Away)
        {
            // Its place is kept until the session ends.
            decision.Write((member with { Epoch = ConsumerMember.Away, PendingRevocation = OwnedPartitions.Empty }).AssignmentRecord(Id));
            DeadlineQueue.Cancel(DeadlinesOf(member.Id).Rebalance);
        }
        else Remove([member], "left", decision);
        decision.AnswerAtCommit(call, new ConsumerGroupHeartbeatResponse { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch });
        return GroupError.None;
    }

    internal void OnSessionDue(string memberId, Decision decision)
    {
        if (!_members.TryGetValue(memberId, out var member)) return;
        int timeout = member.Classic?.SessionTimeoutMs ?? Limits(decision).SessionTimeoutMs;
        Remove([member], $"not heard from for {timeout} ms", decision);
    }

    internal void OnRebalanceDue(string memberId, int epoch, Decision decision)
    {
        if (!_members.TryGetValue(memberId, out var member) || member.Epoch != epoch) return;
        Fence(
            memberId, member.IsClassic
                ? "it did not join again in time"
                : $"it did not give its partitions up within {member.RebalanceTimeoutMs} ms (max.poll.interval.ms)", decision);
    }

    internal void Fence(string memberId, string reason, Decision decision)
    {
        if (_members.TryGetValue(memberId, out var member)) Remove([member], reason, decision);
    }

    static PartitionsByTopic PartitionsOf(ConsumerGroupHeartbeatRequestTopicPartitions[] topics)
    {
        var partitions = new PartitionsByTopic.Builder();
        foreach (var topic in topics)
        {
            foreach (int partition in topic.Partitions) partitions.Add(topic.TopicId, partition);
        }
        return partitions.Build();
    }

    static ConsumerGroupHeartbeatResponseAssignment ToResponse(OwnedPartitions owned) => new()
    {
        TopicPartitions =
        [
            .. owned.Topics.Select(t => new ConsumerGroupHeartbeatResponseTopicPartitions { TopicId = t, Partitions = owned.Of(t).ToArray() }),
        ],
    };
}
