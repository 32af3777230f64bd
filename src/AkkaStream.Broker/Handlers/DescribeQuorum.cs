using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeQuorum, versions 0-2, for the tools that ask who keeps the metadata: this node, as the only voter, with the revision of its store
// in the place of offsets, its first log directory, and its listeners as the places where the controller is reached.
static class DescribeQuorumHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeQuorumRequest)request;
        // Where this node is found, and in which directory, is told from version 2 on.
        bool tellsPlaces = context.Version >= 2;
        bool isMetadata = asked.Topics is [{ TopicName: TopicName.ClusterMetadata, Partitions: [{ PartitionIndex: 0 }] }];
        var response = new DescribeQuorumResponse
        {
            Topics = [.. asked.Topics.Select(t => new DescribeQuorumResponseTopic
            {
                TopicName = t.TopicName,
                Partitions = [.. t.Partitions.Select(p => isMetadata ? Describe(context, tellsPlaces) : Unknown(p.PartitionIndex))],
            })],
        };
        if (tellsPlaces && isMetadata) response.Nodes = [NodeOf(context)];
        return new(response);
    }

    static DescribeQuorumResponsePartition Unknown(int partition) => new()
    {
        PartitionIndex = partition,
        ErrorCode = ErrorCode.UnknownTopicOrPartition,
        ErrorMessage = ErrorCodes.Describe(ErrorCode.UnknownTopicOrPartition).Message,
    };

    static DescribeQuorumResponseNode NodeOf(RequestContext context) => new()
    {
        NodeId = context.Node.Id.Value,
        Listeners = [.. (context.Node.Image.Brokers.Find(context.Node.Id)?.Endpoints ?? []).Select(e => new DescribeQuorumResponseListener
        {
            Name = e.Listener,
            Host = e.Host,
            Port = (ushort)e.Port,
        })],
    };

    static DescribeQuorumResponsePartition Describe(RequestContext context, bool tellsPlaces)
    {
        var image = context.Node.Image;
        var directories = image.Brokers.Find(context.Node.Id)?.LogDirs;
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
                    ReplicaDirectoryId = tellsPlaces && directories is { Count: > 0 } some ? some.Wire[0] : Uuid.Zero,
                    LogEndOffset = image.Revision.Value,
                    LastFetchTimestamp = now,
                    LastCaughtUpTimestamp = now,
                },
            ],
        };
    }
}
