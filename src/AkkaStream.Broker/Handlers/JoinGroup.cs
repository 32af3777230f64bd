using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// JoinGroup, versions 0-9. Waits for the other members; the coordinator decides everything.
static class JoinGroupHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request) =>
        GroupRequests.CallNamed(context, request, ((JoinGroupRequest)request).GroupId);
}
