using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DescribeGroups, versions 0-6. Classic groups only; from 6 on a group that is none is an error, before it is one in state Dead.
static class DescribeGroupsHandler
{
    const short FirstVersionWithOperations = 3;

    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DescribeGroupsRequest)request;
        var groups = new List<DescribeGroupsResponseGroup>(asked.Groups.Length);
        foreach (var together in GroupRequests.ByCoordinator(context, asked.Groups, id => id))
        {
            string[] ids = [.. together];
            var told = await GroupRequests
                .AskAsync<DescribeGroupsResponseGroup>(context, ids[0], new GetClassicGroups(ids, context.Version)).ConfigureAwait(false);
            if (told.Error == ErrorCode.None) groups.AddRange(told.Value);
            else groups.AddRange(ids.Select(id => new DescribeGroupsResponseGroup { GroupId = id, ErrorCode = told.Error }));
        }
        bool tells = asked.IncludeAuthorizedOperations && context.Version >= FirstVersionWithOperations;
        foreach (var group in groups.Where(g => tells && g.ErrorCode == ErrorCode.None)) group.AuthorizedOperations = AuthorizedOperations.Group;
        return new DescribeGroupsResponse { Groups = [.. groups] };
    }
}
