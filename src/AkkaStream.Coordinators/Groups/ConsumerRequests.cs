using AkkaStream.Coordinators.Groups.Assignors;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Coordinators.Groups;

/// <summary>What can be said of a heartbeat without looking at any group. Texts are Kafka's: clients print them.</summary>
public static class ConsumerRequests
{
    public static GroupError Check(ConsumerGroupHeartbeatRequest request, short version, GroupSettings settings)
    {
        bool needsId = version >= 1 || request.MemberEpoch > 0 || request.MemberEpoch == ConsumerMember.Left;
        if (needsId && IsBlank(request.MemberId)) return GroupError.Invalid("MemberId can't be empty.");
        if (IsBlank(request.GroupId)) return GroupError.Invalid("GroupId can't be empty.");
        if (request.InstanceId is { } instance && IsBlank(instance)) return GroupError.Invalid("InstanceId can't be empty.");
        if (request.RackId is { } rack && IsBlank(rack)) return GroupError.Invalid("RackId can't be empty.");
        if (request.MemberEpoch == 0 && CheckJoin(request) is { IsNone: false } error) return error;
        if (request.MemberEpoch == ConsumerMember.Away && request.InstanceId is null) return GroupError.Invalid("InstanceId can't be null.");
        if (request.MemberEpoch < ConsumerMember.Away) return GroupError.Invalid("MemberEpoch is invalid.");
        if (request.ServerAssignor is { } assignor && !settings.ConsumerAssignors.Contains(assignor))
            return new GroupError(
                ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", settings.ConsumerAssignors)}.");
        return GroupError.None;
    }

    static GroupError CheckJoin(ConsumerGroupHeartbeatRequest request)
    {
        if (request.RebalanceTimeoutMs == -1) return GroupError.Invalid("RebalanceTimeoutMs must be provided in first request.");
        if (request.TopicPartitions is not { Length: 0 }) return GroupError.Invalid("TopicPartitions must be empty when (re-)joining.");
        return request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null
            ? GroupError.Invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.")
            : GroupError.None;
    }

    static bool IsBlank(string text) => string.IsNullOrWhiteSpace(text);
}
