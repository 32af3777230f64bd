using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

/// <summary>Requests that the controller decides: they go there as they are, and its answer comes back as it is.</summary>
static class Forwarded
{
    public static ValueTask<IMessage> CreateTopics(RequestContext context, IRequest request) =>
        Ask(context, (CreateTopicsRequest)request, ((CreateTopicsRequest)request).TimeoutMs);

    public static ValueTask<IMessage> DeleteTopics(RequestContext context, IRequest request) =>
        Ask(context, (DeleteTopicsRequest)request, ((DeleteTopicsRequest)request).TimeoutMs);

    public static ValueTask<IMessage> CreatePartitions(RequestContext context, IRequest request) =>
        Ask(context, (CreatePartitionsRequest)request, ((CreatePartitionsRequest)request).TimeoutMs);

    static async ValueTask<IMessage> Ask<TResponse>(RequestContext context, IRequest<TResponse> request, int timeoutMs)
        where TResponse : class, IMessage =>
        await context.AskController(request, timeoutMs);
}
