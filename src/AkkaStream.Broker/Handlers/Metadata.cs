using AkkaStream.Broker.Coordinators;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// Metadata, versions 0-13.
//
// Version 0 asks for all by an empty list, later ones by null. Topics by id from v12; whoever names one id gets no names answered, as on
// Kafka. A topic that is not there is made on demand (unless client or broker forbid it) and told as unknown this once: clients ask
// again, and find it with leaders that take writes.
static class MetadataHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (MetadataRequest)request;
        var error = FindProblem(asked, context.Version);
        if (error != ErrorCode.None) return new(Refused(asked, error));
        var image = context.Node.Image;
        bool all = asked.Topics is null || (context.Version == 0 && asked.Topics.Length == 0);
        if (!all) return new(Answer(context, asked, image, asked.Topics!.Any(t => !t.TopicId.IsZero) ? ById : ByName));
        return new(context.Node.AllTopics.Answer(context, asked, image, () => Answer(context, asked, image, All)));
    }

    static ErrorCode FindProblem(MetadataRequest asked, short version)
    {
        foreach (var topic in asked.Topics ?? [])
        {
            bool isTooEarly = version < 12 && (topic.Name is null || !topic.TopicId.IsZero);
            if (isTooEarly || (topic.Name is null && topic.TopicId.IsZero)) return ErrorCode.InvalidRequest;
        }
        return ErrorCode.None;
    }

    static MetadataResponse Refused(MetadataRequest asked, ErrorCode error) => new()
    {
        ErrorCode = error,
        Topics = [.. (asked.Topics ?? []).Select(t => new MetadataResponseTopic { ErrorCode = error, Name = t.Name ?? "", TopicId = t.TopicId })],
    };

    static MetadataResponse Answer(
        RequestContext context, MetadataRequest asked, MetadataImage image,
        Func<RequestContext, MetadataRequest, MetadataImage, List<MetadataResponseTopic>> topics) => new()
    {
        Brokers = [.. image.Brokers.Unfenced.Select(b => Describe(b, context.Listener.Name)).OfType<MetadataResponseBroker>()],
        ClusterId = context.Node.Settings.Identity.ClusterId,
        ControllerId = context.Node.Id.Value,
        Topics = [.. topics(context, asked, image)],
        ClusterAuthorizedOperations = asked.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAskedFor,
    };

    static List<MetadataResponseTopic> All(RequestContext context, MetadataRequest asked, MetadataImage image) =>
        [.. image.Topics.All.Select(t => Describe(context, asked, image, t))];

    static List<MetadataResponseTopic> ById(RequestContext context, MetadataRequest asked, MetadataImage image)
    {
        var told = new List<MetadataResponseTopic>();
        foreach (var id in asked.Topics!.Select(t => t.TopicId).Where(id => !id.IsZero).Distinct())
        {
            told.Add(image.Topics.Find(id) is { } topic
                ? Describe(context, asked, image, topic)
                : new MetadataResponseTopic { ErrorCode = ErrorCode.UnknownTopicId, Name = context.Version >= 12 ? null : "", TopicId = id });
        }
        return told;
    }

    static List<MetadataResponseTopic> ByName(RequestContext context, MetadataRequest asked, MetadataImage image)
    {
        var told = new List<MetadataResponseTopic>();
        foreach (string name in asked.Topics!.Select(t => t.Name!).Distinct(StringComparer.Ordinal))
        {
            told.Add(image.Topics.Find(name) is { } topic
                ? Describe(context, asked, image, topic)
                : new MetadataResponseTopic { ErrorCode = Missing(context, asked, name), Name = name, IsInternal = TopicName.IsInternal(name) });
        }
        return told;
    }

    static ErrorCode Missing(RequestContext context, MetadataRequest asked, string name)
    {
        if (TopicName.FindProblem(name) is not null) return ErrorCode.InvalidTopicException;
        var node = context.Node;
        if (!node.Settings.AutoCreateTopics || !asked.AllowAutoTopicCreation) return ErrorCode.UnknownTopicOrPartition;
        var topic = InternalTopics.KindOf(name) is { } kind
            ? InternalTopics.Creation(kind, node.Settings.Identity, node.Configs.Layers)
            : new CreateTopicsRequestTopic { Name = name, NumPartitions = -1, ReplicationFactor = -1 };
        _ = node.Creation.Create(topic, context.Origin);
        return ErrorCode.UnknownTopicOrPartition;
    }

    static MetadataResponseBroker? Describe(BrokerImage broker, string listener) => broker.EndpointOf(listener) is { } endpoint
        ? new MetadataResponseBroker { NodeId = broker.Id.Value, Host = endpoint.Host, Port = endpoint.Port, Rack = broker.Rack }
        : null;

    static MetadataResponseTopic Describe(RequestContext context, MetadataRequest asked, MetadataImage image, TopicImage topic)
    {
        var partitions = new MetadataResponsePartition[topic.Partitions.Length];
        for (int i = 0; i < partitions.Length; i++) partitions[i] = Describe(context, image, topic, i);
        return new MetadataResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = TopicName.IsInternal(topic.Name),
            Partitions = partitions,
            TopicAuthorizedOperations = asked.IncludeTopicAuthorizedOperations ? AuthorizedOperations.Topic : AuthorizedOperations.NotAskedFor,
        };
    }

    static MetadataResponsePartition Describe(RequestContext context, MetadataImage image, TopicImage topic, int index)
    {
        var partition = topic.Partitions[index];
        var leader = LeaderView.LeaderOf(context.Node, topic, index);
        var offline = LeaderView.OfflineReplicasOf(context.Node, image, topic, index);
        bool isReachable = image.Brokers.Find(leader)?.EndpointOf(context.Listener.Name) is not null;
        var told = new MetadataResponsePartition
        {
            PartitionIndex = index,
            LeaderId = isReachable ? leader.Value : BrokerId.None.Value,
            LeaderEpoch = partition.LeaderEpoch.Value,
            ReplicaNodes = partition.Replicas.Wire,
            IsrNodes = partition.Isr.Wire,
            OfflineReplicas = offline,
        };
        if (!leader.IsBroker || (!isReachable && context.Version < 6)) told.ErrorCode = ErrorCode.LeaderNotAvailable;
        else if (!isReachable) told.ErrorCode = ErrorCode.ListenerNotFound;
        else if (context.Version == 0 && offline.Length > 0) told.ErrorCode = ErrorCode.ReplicaNotAvailable;
        return told;
    }
}
