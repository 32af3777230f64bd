using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Every request to a group coordinator, answered with one error throughout.</summary>
public static class Refusals
{
    public static IMessage Of(IRequest request, short version, ErrorCode error) => request switch
    {
        JoinGroupRequest join => ClassicGroup.Refused(version, join.MemberId, error),
        SyncGroupRequest => new SyncGroupResponse { ErrorCode = error },
        // While the coordinator loads nobody can be said to be dead; a member that is told so would only join again for nothing.
        HeartbeatRequest => new HeartbeatResponse { ErrorCode = error == ErrorCode.CoordinatorLoadInProgress ? ErrorCode.None : error },
        LeaveGroupRequest => new LeaveGroupResponse { ErrorCode = error },
        OffsetCommitRequest commit => Of(commit, error),
        ConsumerGroupHeartbeatRequest => new ConsumerGroupHeartbeatResponse { ErrorCode = error },
        OffsetDeleteRequest => new OffsetDeleteResponse { ErrorCode = error },
        _ => throw new ArgumentException($"{request.ApiKey} is no request for a group coordinator", nameof(request)),
    };

    /// <summary>
    /// What a failed append means for whoever waits for it: to look for the coordinator again, to try again here, or to give up.
    /// </summary>
    public static ErrorCode OfAppend(ErrorCode error, bool isCommit = false) => error switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicas
            or ErrorCode.NotEnoughReplicasAfterAppend => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize =>
            isCommit ? ErrorCode.InvalidCommitOffsetSize : ErrorCode.UnknownServerError,
        _ => error,
    };

    static OffsetCommitResponse Of(OffsetCommitRequest commit, ErrorCode error) => new()
    {
        Topics = Array.ConvertAll(commit.Topics, topic => new OffsetCommitResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            Partitions = Array.ConvertAll(topic.Partitions, p => new OffsetCommitResponsePartition
            {
                PartitionIndex = p.PartitionIndex,
                ErrorCode = error,
            }),
        }),
    };
}
