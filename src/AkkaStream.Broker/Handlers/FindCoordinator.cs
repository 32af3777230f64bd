using AkkaStream.Broker.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// FindCoordinator, versions 0-6. Version 0 knows groups only, share partitions come with 6, and from 4 on many keys are asked for at once.
// Every kind is coordinated by the leader of the key's partition of its own internal topic.
static class FindCoordinatorHandler
{
    public static async ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (FindCoordinatorRequest)request;
        if (context.Version >= 4)
        {
            var found = new List<FindCoordinatorResponseCoordinator>();
            foreach (string key in asked.CoordinatorKeys) found.Add(Tell(key, await FindAsync(context, asked.KeyType, key)));
            return new FindCoordinatorResponse { Coordinators = [.. found] };
        }
        var home = await FindAsync(context, context.Version == 0 ? (sbyte)CoordinatorKind.Group : asked.KeyType, asked.Key);
        return new FindCoordinatorResponse
        {
            ErrorCode = home.Error,
            ErrorMessage = home.Error == ErrorCode.None ? "NONE" : Reason(home.Error),
            NodeId = home.Broker.Value,
            Host = home.Host,
            Port = home.Port,
        };
    }

    static ValueTask<CoordinatorHome> FindAsync(RequestContext context, sbyte keyType, string key)
    {
        bool isKnown = (CoordinatorKind)keyType switch
        {
            CoordinatorKind.Group or CoordinatorKind.Transaction => true,
            CoordinatorKind.Share => context.Version >= 6 && IsShareKey(key),
            _ => false,
        };
        return isKnown
            ? context.Node.Coordinators.FindAsync((CoordinatorKind)keyType, key, context.Origin)
            : ValueTask.FromResult(CoordinatorHome.NoSuchKind);
    }

    /// <summary>group:topic id:partition, where a group may hold colons itself.</summary>
    static bool IsShareKey(string key)
    {
        int last = key.LastIndexOf(':');
        int middle = last <= 0 ? -1 : key.LastIndexOf(':', last - 1);
        return middle > 0
            && int.TryParse(key.AsSpan(last + 1), out int partition) && partition >= 0
            && Uuid.TryParse(key[(middle + 1)..last], out _);
    }

    static FindCoordinatorResponseCoordinator Tell(string key, CoordinatorHome home) => new()
    {
        Key = key,
        NodeId = home.Broker.Value,
        Host = home.Host,
        Port = home.Port,
        ErrorCode = home.Error,
        ErrorMessage = home.Error == ErrorCode.None ? "" : Reason(home.Error),
    };

    static string Reason(ErrorCode error) => ErrorCodes.Describe(error).Message;
}
