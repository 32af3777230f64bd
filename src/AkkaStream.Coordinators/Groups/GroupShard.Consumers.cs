using System.Diagnostics.CodeAnalysis;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Groups of the consumer protocol: where heartbeats go, and what records say.</summary>
public sealed partial class GroupShard
{
    const short FirstHeartbeatVersionWithOwnIds = 1;

    void ConsumerHeartbeat(CoordinatorCall call, ConsumerGroupHeartbeatRequest request)
    {
        var error = ConsumerRequests.Check(request, call.Version, Settings);
        if (error.IsNone) error = request.MemberEpoch < 0 ? LeaveConsumers(call, request) : StayOrJoin(call, request);
        if (error.IsNone) return;
        // Whatever was begun for it is not going to be.
        _decision.Clear();
        _coming = null;
        _decision.Answer(call, new ConsumerGroupHeartbeatResponse { ErrorCode = error.Code, ErrorMessage = error.Message });
    }

    GroupError LeaveConsumers(CoordinatorCall call, ConsumerGroupHeartbeatRequest request) => Find(request.GroupId) switch
    {
        ConsumerGroup group => group.Leave(call, request, _decision),
        null => new GroupError(ErrorCode.GroupIdNotFound, $"Group {request.GroupId} not found."),
        _ => new GroupError(ErrorCode.GroupIdNotFound, $"Group {request.GroupId} is not a consumer group."),
    };

    GroupError StayOrJoin(CoordinatorCall call, ConsumerGroupHeartbeatRequest request)
    {
        bool joins = request.MemberEpoch == 0;
        if (FindConsumers(request.GroupId, joins, out var changing) is not { } group)
            return new GroupError(
                ErrorCode.GroupIdNotFound, Find(request.GroupId) is null
                    ? $"Consumer group {request.GroupId} not found."
                    : $"Group {request.GroupId} is not a consumer group.");
        string memberId = request.MemberId.Length == 0 && call.Version < FirstHeartbeatVersionWithOwnIds ? NewShortId() : request.MemberId;
        var error = group.Heartbeat(call, request, memberId, _decision);
        if (error.IsNone) changing?.SendWaitersBack(_decision);
        return error;
    }

    /// <summary>In the form in which members of this protocol write the ids that they draw themselves.</summary>
    string NewShortId()
    {
        string id = _newId();
        return Guid.TryParse(id, out var guid) ? Uuid.Read(guid.ToByteArray(bigEndian: true)).ToString() : id;
    }

    /// <param name="changing">The classic group that becomes one of the consumer protocol by this.</param>
    ConsumerGroup? FindConsumers(string groupId, bool joins, out ClassicGroup? changing)
    {
        changing = null;
        switch (Find(groupId))
        {
            case ConsumerGroup group:
                return group;
            case null when joins:
                return _coming = new ConsumerGroup(groupId, this, new GroupFile());
            case ClassicGroup { IsEmpty: true } empty when joins:
                empty.WriteTombstones(_decision);
                return _coming = new ConsumerGroup(groupId, this, empty.File);
            case ClassicGroup classic when joins && classic.IsConsumers && Settings.AllowsUpgrade && classic.MemberCount <= Settings.ConsumerMaxSize:
                changing = classic;
                return _coming = ConsumerGroup.Of(classic, this, classic.File, _decision);
            default:
                return null;
        }
    }

    /// <summary>True when the record is one of this protocol's.</summary>
    bool ApplyConsumer(in StoredRecord record, out ConsumerGroup? group)
    {
        group = null;
        switch (record.Key)
        {
            case ConsumerGroupMetadataKey key when record.Value is null:
                Forget<ConsumerGroup>(key.GroupId);
                return true;
            case ConsumerGroupMetadataKey key:
                (group = GetOrAdd(key.GroupId)).Apply((ConsumerGroupMetadataValue)record.Value);
                return true;
            case ConsumerGroupMemberMetadataKey key:
                if (TryGet(key.GroupId, record.Value, out group))
                    group.ApplySubscription(key.MemberId, (ConsumerGroupMemberMetadataValue?)record.Value);
                return true;
            case ConsumerGroupTargetAssignmentMetadataKey key:
                if (TryGet(key.GroupId, record.Value, out group)) group.Apply((ConsumerGroupTargetAssignmentMetadataValue?)record.Value);
                return true;
            case ConsumerGroupTargetAssignmentMemberKey key:
                if (TryGet(key.GroupId, record.Value, out group))
                    group.ApplyTarget(key.MemberId, (ConsumerGroupTargetAssignmentMemberValue?)record.Value);
                return true;
            case ConsumerGroupCurrentMemberAssignmentKey key:
                if (TryGet(key.GroupId, record.Value, out group))
                    group.ApplyAssignment(key.MemberId, (ConsumerGroupCurrentMemberAssignmentValue?)record.Value);
                return true;
            case ConsumerGroupRegularExpressionKey key:
                if (TryGet(key.GroupId, record.Value, out group))
                    group.ApplyPattern(key.RegularExpression, (ConsumerGroupRegularExpressionValue?)record.Value);
                return true;
            case ConsumerGroupPartitionMetadataKey:
                // Written by older brokers only; the group's hash has taken its place.
                return true;
            default:
                return false;
        }
    }

    /// <summary>A tombstone makes no group.</summary>
    bool TryGet(string groupId, object? value, [NotNullWhen(true)] out ConsumerGroup? group)
    {
        group = value is not null ? GetOrAdd(groupId) : Find(groupId) as ConsumerGroup;
        return group is not null;
    }

    ConsumerGroup GetOrAdd(string groupId)
    {
        if (Find(groupId) is ConsumerGroup known) return known;
        ConsumerGroup group;
        if (_coming?.Id == groupId)
        {
            group = _coming;
            _files[groupId] = group.File;
        }
        else group = new ConsumerGroup(groupId, this, FileOf(groupId));
        _groups[groupId] = group;
        return group;
    }

    /// <summary>A group that went back to the classic protocol.</summary>
    internal void Replace(ClassicGroup group, Decision decision)
    {
        _groups[group.Id] = group;
        _files[group.Id] = group.File;
        group.OnWentBack(decision);
    }
}
