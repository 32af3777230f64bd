using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// ListGroups, versions 0-5: all groups that this broker coordinates. While some of them are being loaded the list would be a wrong one.
static class ListGroupsHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (ListGroupsRequest)request;
        var question = new GetGroupList(asked.StatesFilter, asked.TypesFilter);
        var groups = new List<ListGroupsResponseGroup>();
        foreach (var coordinator in context.Node.Groups.All)
        {
            var told = await GroupRequests.AskAsync<Told<ListGroupsResponseGroup[]>>(coordinator, question).ConfigureAwait(false);
            if (told is null) continue;
            if (told.Error != ErrorCode.None) return new ListGroupsResponse { ErrorCode = told.Error };
            groups.AddRange(told.Value);
        }
        return new ListGroupsResponse { Groups = [.. groups] };
    }
}
