using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

static class MetadataHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (MetadataRequest)request;
        var image = context.Node.Image;
        bool all = asked.Topics is null || (context.Version == 0 && asked.Topics.Length == 0);
        var topics = all
            ? image.Topics.All.Select(t => Describe(context.Node, t))
            : asked.Topics!.Select(t => image.Topics.Find(t.Name ?? "") is { } found
                ? Describe(context.Node, found)
                : new MetadataResponseTopic { Name = t.Name, ErrorCode = ErrorCode.UnknownTopicOrPartition });
        return new(new MetadataResponse
        {
            Brokers = [.. image.Brokers.Unfenced.Select(b => Describe(b, context.Listener.Name)).OfType<MetadataResponseBroker>()],
            ClusterId = context.Node.Settings.ClusterId,
            ControllerId = context.Node.Id.Value,
            Topics = [.. topics],
        });
    }

    static MetadataResponseBroker? Describe(BrokerImage broker, string listener) => broker.EndpointOf(listener) is { } endpoint
        ? new MetadataResponseBroker { NodeId = broker.Id.Value, Host = endpoint.Host, Port = endpoint.Port, Rack = broker.Rack }
        : null;

    static MetadataResponseTopic Describe(BrokerNode node, TopicImage topic) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        Partitions = [.. topic.Partitions.Select((p, i) => new MetadataResponsePartition
        {
            PartitionIndex = i,
            LeaderId = p.Leader.Value,
            LeaderEpoch = p.LeaderEpoch.Value,
            ReplicaNodes = p.Replicas.Wire,
            IsrNodes = p.Isr.Wire,
        })],
    };
}
