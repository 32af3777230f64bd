using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// LeaveGroup, versions 0-5. From 3 on several members at once.
static class LeaveGroupHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request) =>
        GroupRequests.CallNamed(context, request, ((LeaveGroupRequest)request).GroupId);
}
