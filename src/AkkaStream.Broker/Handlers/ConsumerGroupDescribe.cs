using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// ConsumerGroupDescribe, versions 0-1 (KIP-848).
static class ConsumerGroupDescribeHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (ConsumerGroupDescribeRequest)request;
        if (!context.Node.Groups.OffersConsumerProtocol) return Refused(asked.GroupIds, ErrorCode.UnsupportedVersion);
        var groups = new List<ConsumerGroupDescribeResponseGroup>(asked.GroupIds.Length);
        groups.AddRange(Refused([.. asked.GroupIds.Where(id => id.Length == 0)], ErrorCode.InvalidGroupId).Groups);
        foreach (var together in GroupRequests.ByCoordinator(context, asked.GroupIds.Where(id => id.Length > 0), id => id))
        {
            string[] ids = [.. together];
            var told = await GroupRequests
                .AskAsync<ConsumerGroupDescribeResponseGroup>(context, ids[0], new GetConsumerGroups(ids)).ConfigureAwait(false);
            groups.AddRange(told.Error == ErrorCode.None ? told.Value : Refused(ids, told.Error).Groups);
        }
        if (asked.IncludeAuthorizedOperations)
        {
            foreach (var group in groups.Where(g => g.ErrorCode == ErrorCode.None)) group.AuthorizedOperations = AuthorizedOperations.Group;
        }
        return new ConsumerGroupDescribeResponse { Groups = [.. groups] };
    }

    static ConsumerGroupDescribeResponse Refused(string[] groups, ErrorCode error) => new()
    {
        Groups = Array.ConvertAll(groups, id => new ConsumerGroupDescribeResponseGroup { GroupId = id, ErrorCode = error }),
    };
}
