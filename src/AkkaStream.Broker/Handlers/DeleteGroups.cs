using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// DeleteGroups, versions 0-2. A group that is named twice is told once, by what became of it first.
static class DeleteGroupsHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (DeleteGroupsRequest)request;
        var results = new List<DeleteGroupsResponseGroup>(asked.GroupsNames.Length);
        foreach (var together in GroupRequests.ByCoordinator(context, asked.GroupsNames.Distinct(), id => id))
        {
            string[] ids = [.. together];
            var told = await GroupRequests
                .AskAsync<Told<IReadOnlyDictionary<string, ErrorCode>>>(together.Key, new DeleteGroups(ids)).ConfigureAwait(false);
            results.AddRange(ids.Select(id => new DeleteGroupsResponseGroup { GroupId = id, ErrorCode = OutcomeOf(told, id) }));
        }
        return new DeleteGroupsResponse { Results = [.. results] };
    }

    static ErrorCode OutcomeOf(Told<IReadOnlyDictionary<string, ErrorCode>>? told, string id)
    {
        if (told is null) return ErrorCode.NotCoordinator;
        var outcome = told.Value.GetValueOrDefault(id, told.Error);
        // What could not be written has not happened; what was refused was refused before that.
        return outcome == ErrorCode.None ? told.Error : outcome;
    }
}
