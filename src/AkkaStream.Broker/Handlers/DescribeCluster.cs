using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeCluster, versions 0-2. Endpoint types from v1: only brokers are told, there is no listener of controllers. Fenced brokers on
// request from v2.
static class DescribeClusterHandler
{
    const sbyte Brokers = 1, Controllers = 2;

    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeClusterRequest)request;
        if (asked.EndpointType == Controllers)
            return Refused(ErrorCode.MismatchedEndpointType,
                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER");
        if (asked.EndpointType != Brokers) return Refused(ErrorCode.UnsupportedEndpointType, $"Unsupported endpoint type {asked.EndpointType}");
        var image = context.Node.Image;
        return new(new DescribeClusterResponse
        {
            ClusterId = context.Node.Settings.Identity.ClusterId,
            ControllerId = context.Node.Id.Value,
            Brokers = [.. image.Brokers.All
                .Where(b => !b.Fenced || asked.IncludeFencedBrokers)
                .Select(b => Describe(b, context.Listener.Name))
                .OfType<DescribeClusterResponseBroker>()],
            ClusterAuthorizedOperations = asked.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAskedFor,
        });
    }

    static ValueTask<IMessage> Refused(ErrorCode error, string message) =>
        new(new DescribeClusterResponse { ErrorCode = error, ErrorMessage = message });

    static DescribeClusterResponseBroker? Describe(BrokerImage broker, string listener) => broker.EndpointOf(listener) is { } endpoint
        ? new DescribeClusterResponseBroker
        {
            BrokerId = broker.Id.Value,
            Host = endpoint.Host,
            Port = endpoint.Port,
            Rack = broker.Rack,
            IsFenced = broker.Fenced,
        }
        : null;
}
