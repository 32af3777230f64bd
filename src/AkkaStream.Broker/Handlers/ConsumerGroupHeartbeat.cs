using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// ConsumerGroupHeartbeat, versions 0-1 (KIP-848). What is wrong with the request itself is found by the coordinator; an empty group id has none.
static class ConsumerGroupHeartbeatHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (ConsumerGroupHeartbeatRequest)request;
        if (!context.Node.Groups.OffersConsumerProtocol) return new(Refusals.Of(request, context.Version, ErrorCode.UnsupportedVersion));
        var error = ConsumerRequests.Check(asked, context.Version, context.Node.Groups.Settings);
        return error.IsNone
            ? GroupRequests.Call(context, request, asked.GroupId)
            : new(new ConsumerGroupHeartbeatResponse { ErrorCode = error.Code, ErrorMessage = error.Message });
    }
}
