using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// Heartbeat, versions 0-4.
static class HeartbeatHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request) =>
        GroupRequests.CallNamed(context, request, ((HeartbeatRequest)request).GroupId);
}
