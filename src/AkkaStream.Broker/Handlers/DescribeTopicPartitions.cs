using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeTopicPartitions, version 0 (KIP-966): topics in the order of their names, page by page. The cursor says where to go on; a topic
// that is before it is not told, and of the cursor's own topic only what stands at its partition or behind.
static class DescribeTopicPartitionsHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeTopicPartitionsRequest)request;
        if (asked.Cursor is { PartitionIndex: < 0 }) return new(Refused(asked));
        var image = context.Node.Image;
        int room = Math.Max(1, Math.Min(asked.ResponsePartitionLimit, context.Node.Settings.PartitionsPerAnswer));
        var told = new List<DescribeTopicPartitionsResponseTopic>();
        var missing = new List<DescribeTopicPartitionsResponseTopic>();
        DescribeTopicPartitionsResponseCursor? next = null;
        foreach (string name in NamesOf(asked, image))
        {
            if (image.Topics.Find(name) is not { } topic)
            {
                missing.Add(Missing(name));
                continue;
            }
            int from = asked.Cursor is { } cursor && cursor.TopicName == name ? cursor.PartitionIndex : 0;
            int end = Math.Min(topic.Partitions.Length, from + room);
            told.Add(Describe(context.Node, image, topic, from, end));
            room -= Math.Max(0, end - from);
            if (end < topic.Partitions.Length) next = new DescribeTopicPartitionsResponseCursor { TopicName = name, PartitionIndex = end };
            if (next is not null) break;
            if (room > 0) continue;
            next = FirstOfNext(asked, image, name);
            break;
        }
        return new(new DescribeTopicPartitionsResponse { Topics = [.. told, .. missing], NextCursor = next });
    }

    static DescribeTopicPartitionsResponse Refused(DescribeTopicPartitionsRequest asked) => new()
    {
        Topics = [.. asked.Topics.Select(t => new DescribeTopicPartitionsResponseTopic { ErrorCode = ErrorCode.InvalidRequest, Name = t.Name })],
    };

    static IEnumerable<string> NamesOf(DescribeTopicPartitionsRequest asked, MetadataImage image)
    {
        IEnumerable<string> all = asked.Topics.Length == 0
            ? image.Topics.SortedNames
            : asked.Topics.Select(t => t.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return asked.Cursor is { } cursor ? all.Where(name => string.CompareOrdinal(name, cursor.TopicName) >= 0) : all;
    }

    static DescribeTopicPartitionsResponseCursor? FirstOfNext(DescribeTopicPartitionsRequest asked, MetadataImage image, string name)
    {
        string? next = NamesOf(asked, image).FirstOrDefault(n => string.CompareOrdinal(n, name) > 0);
        return next is null ? null : new DescribeTopicPartitionsResponseCursor { TopicName = next, PartitionIndex = 0 };
    }

    static DescribeTopicPartitionsResponseTopic Missing(string name) => new()
    {
        ErrorCode = TopicName.FindProblem(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
        Name = name,
        IsInternal = TopicName.IsInternal(name),
        TopicAuthorizedOperations = AuthorizedOperations.Topic,
    };

    static DescribeTopicPartitionsResponseTopic Describe(BrokerNode node, MetadataImage image, TopicImage topic, int from, int end) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        IsInternal = TopicName.IsInternal(topic.Name),
        Partitions = [.. Enumerable.Range(from, Math.Max(0, end - from)).Select(i => Describe(node, image, topic, i))],
        TopicAuthorizedOperations = AuthorizedOperations.Topic,
    };

    static DescribeTopicPartitionsResponsePartition Describe(BrokerNode node, MetadataImage image, TopicImage topic, int index)
    {
        var partition = topic.Partitions[index];
        var leader = LeaderView.LeaderOf(node, topic, index);
        return new DescribeTopicPartitionsResponsePartition
        {
            ErrorCode = leader.IsBroker ? ErrorCode.None : ErrorCode.LeaderNotAvailable,
            PartitionIndex = index,
            LeaderId = leader.Value,
            LeaderEpoch = partition.LeaderEpoch.Value,
            ReplicaNodes = partition.Replicas.Wire,
            IsrNodes = partition.Isr.Wire,
            EligibleLeaderReplicas = partition.EligibleLeaders.Wire,
            LastKnownElr = partition.LastKnownLeaders.Wire,
            OfflineReplicas = LeaderView.OfflineReplicasOf(node, image, topic, index),
        };
    }
}
