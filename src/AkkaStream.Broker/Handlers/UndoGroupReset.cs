using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Private;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// UndoGroupReset, version 0; AkkaStream's own. The last change of a group's offsets from outside is taken back.
static class UndoGroupResetHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (UndoGroupResetRequest)request;
        var undone = await GroupRequests
            .AskAsync<Undone>(context.Node.Groups.Find(asked.GroupId), new UndoReset(asked.GroupId, asked.DryRun)).ConfigureAwait(false);
        return undone is null
            ? new UndoGroupResetResponse { ErrorCode = ErrorCode.NotCoordinator }
            : new UndoGroupResetResponse
            {
                ErrorCode = undone.Error.Code,
                ErrorMessage = undone.Error.Message,
                Offsets =
                [
                    .. undone.Changes.Select(c => new UndoGroupResetResponseOffset
                    {
                        Topic = c.Topic,
                        Partition = c.Partition,
                        Before = c.Before?.Offset ?? -1,
                        After = c.After?.Offset ?? -1,
                    }),
                ],
            };
    }
}
