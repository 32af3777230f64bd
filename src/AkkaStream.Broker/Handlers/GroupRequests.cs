using AkkaStream.Actors;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

/// <summary>From a request about a group to the group's coordinator, if that is here.</summary>
static class GroupRequests
{
    /// <summary>Longer than a coordinator lets anything wait for a commit, so this ends only what got lost.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A request that the coordinator answers whole, sooner or later.</summary>
    public static ValueTask<IMessage> Call(RequestContext context, IRequest request, string groupId)
    {
        if (context.Node.Groups.Find(groupId) is not { } coordinator)
            return new(Refusals.Of(request, context.Version, ErrorCode.NotCoordinator));
        var call = new GroupCall(context, request);
        coordinator.Tell(call, null);
        return call.Answered;
    }

    /// <summary>The same for requests that have no business with an empty group id.</summary>
    public static ValueTask<IMessage> CallNamed(RequestContext context, IRequest request, string groupId) => groupId.Length == 0
        ? new(Refusals.Of(request, context.Version, ErrorCode.InvalidGroupId))
        : Call(context, request, groupId);

    public static async ValueTask<Told<T[]>> AskAsync<T>(RequestContext context, string groupId, GroupQuestion question)
    {
        var told = await AskAsync<Told<T[]>>(context.Node.Groups.Find(groupId), question).ConfigureAwait(false);
        return told ?? new Told<T[]>(ErrorCode.NotCoordinator, []);
    }

    /// <summary>Null when nobody is there to answer.</summary>
    public static async ValueTask<T?> AskAsync<T>(IActorRef? coordinator, GroupQuestion question) where T : class
    {
        if (coordinator is null) return null;
        try
        {
            return await coordinator.Ask<T>(question, Patience).ConfigureAwait(false);
        }
        catch (AskFailedException)
        {
            return null;
        }
    }

    /// <summary>Groups by the coordinator that looks after them, in the order of the request.</summary>
    public static IEnumerable<IGrouping<IActorRef?, T>> ByCoordinator<T>(RequestContext context, IEnumerable<T> asked, Func<T, string> groupOf) =>
        asked.GroupBy(item => context.Node.Groups.Find(groupOf(item)));
}
