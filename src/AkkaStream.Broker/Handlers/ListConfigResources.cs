using System.Globalization;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// ListConfigResources, versions 0-1: what has, or may have, settings of its own. Version 0 lists subscriptions to client metrics alone; no
// types asks for all.
static class ListConfigResourcesHandler
{
    static readonly ConfigResourceType[] All =
    [
        ConfigResourceType.Topic, ConfigResourceType.Broker, ConfigResourceType.BrokerLogger, ConfigResourceType.ClientMetrics,
        ConfigResourceType.Group,
    ];

    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (ListConfigResourcesRequest)request;
        ConfigResourceType[] types = context.Version == 0 ? [ConfigResourceType.ClientMetrics]
            : asked.ResourceTypes.Length == 0 ? All
            : [.. asked.ResourceTypes.Select(t => (ConfigResourceType)t).Distinct()];
        if (types.Except(All).Any()) return new(new ListConfigResourcesResponse { ErrorCode = ErrorCode.UnsupportedVersion });
        return new(new ListConfigResourcesResponse
        {
            ConfigResources = [.. types.SelectMany(type => NamesOf(context.Node, type).Select(name => new ListConfigResourcesResponseResource
            {
                ResourceName = name,
                ResourceType = (sbyte)type,
            }))],
        });
    }

    static IEnumerable<string> NamesOf(BrokerNode node, ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => node.Image.Topics.SortedNames,
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger =>
            node.Image.Brokers.All.Select(b => b.Id.Value.ToString(CultureInfo.InvariantCulture)),
        _ => node.Image.Configs.Resources.Where(r => r.Type == type).Select(r => r.Name).Order(StringComparer.Ordinal),
    };
}
