using AkkaStream.Broker.Coordinators;
using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Private;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// GroupHistory, version 0; AkkaStream's own. What the coordinators remember of groups.
static class GroupHistoryHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (GroupHistoryRequest)request;
        var groups = new List<GroupHistoryResponseGroup>(asked.Groups.Length);
        foreach (var together in GroupRequests.ByCoordinator(context, asked.Groups, id => id))
        {
            string[] ids = [.. together];
            var told = await GroupRequests.AskAsync<HistoryOf>(context, ids[0], new GetHistories(ids)).ConfigureAwait(false);
            groups.AddRange(told.Error == ErrorCode.None
                ? told.Value.Select(Tell)
                : ids.Select(id => new GroupHistoryResponseGroup { GroupId = id, ErrorCode = told.Error }));
        }
        return new GroupHistoryResponse { Groups = [.. groups] };
    }

    static GroupHistoryResponseGroup Tell(HistoryOf history) => history.Events is { } events
        ? new GroupHistoryResponseGroup { GroupId = history.GroupId, Events = Array.ConvertAll(events, Tell) }
        : new GroupHistoryResponseGroup
        {
            GroupId = history.GroupId,
            ErrorCode = ErrorCode.GroupIdNotFound,
            ErrorMessage = $"Group {history.GroupId} not found.",
        };

    static GroupHistoryResponseEvent Tell(GroupEvent told) => new()
    {
        Kind = told.Kind.ToString(),
        TimestampMs = told.WallMs,
        Generation = told.Generation,
        Members = told.Members,
        MemberId = told.MemberId,
        ClientId = told.ClientId,
        Reason = told.Reason,
        DurationMs = told.DurationMs,
        Count = told.Count,
        Offsets =
        [
            .. told.Offsets.Select(c => new GroupHistoryResponseOffset
            {
                Topic = c.Topic,
                Partition = c.Partition,
                Before = c.Before?.Offset ?? -1,
                After = c.After?.Offset ?? -1,
            }),
        ],
    };
}
