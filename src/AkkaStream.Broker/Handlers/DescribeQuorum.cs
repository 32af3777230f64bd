using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeQuorum, versions 0-2, for the tools that ask who keeps the metadata: this node, as the only voter, with the revision of its store
// in the place of offsets.
static class DescribeQuorumHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeQuorumRequest)request;
        bool isMetadata = asked.Topics is [{ TopicName: TopicName.ClusterMetadata, Partitions: [{ PartitionIndex: 0 }] }];
        var response = new DescribeQuorumResponse
        {
            Topics = [.. asked.Topics.Select(t => new DescribeQuorumResponseTopic
            {
                TopicName = t.TopicName,
                Partitions = [.. t.Partitions.Select(p => isMetadata ? Describe(context) : Unknown(p.PartitionIndex))],
            })],
        };
        if (context.Version >= 2 && isMetadata) response.Nodes = [new DescribeQuorumResponseNode { NodeId = context.Node.Id.Value }];
        return new(response);
    }

    static DescribeQuorumResponsePartition Unknown(int partition) => new()
    {
        PartitionIndex = partition,
        ErrorCode = ErrorCode.UnknownTopicOrPartition,
        ErrorMessage = ErrorCodes.Describe(ErrorCode.UnknownTopicOrPartition).Message,
    };

    static DescribeQuorumResponsePartition Describe(RequestContext context)
    {
        var image = context.Node.Image;
        long now = context.Node.NowMs();
        return new DescribeQuorumResponsePartition
        {
            LeaderId = context.Node.Id.Value,
            LeaderEpoch = 1,
            HighWatermark = image.Revision.Value,
            CurrentVoters =
            [
                new DescribeQuorumResponseReplica
                {
                    ReplicaId = context.Node.Id.Value,
                    LogEndOffset = image.Revision.Value,
                    LastFetchTimestamp = now,
                    LastCaughtUpTimestamp = now,
                },
            ],
        };
    }
}
