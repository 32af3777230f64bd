using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// SyncGroup, versions 0-5. From 5 on (KIP-559) members must say which protocol they mean.
static class SyncGroupHandler
{
    const short FirstVersionWithProtocol = 5;

    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (SyncGroupRequest)request;
        bool isSilent = asked.ProtocolType is null || asked.ProtocolName is null;
        return context.Version >= FirstVersionWithProtocol && isSilent
            ? new(new SyncGroupResponse { ErrorCode = ErrorCode.InconsistentGroupProtocol })
            : GroupRequests.CallNamed(context, request, asked.GroupId);
    }
}
