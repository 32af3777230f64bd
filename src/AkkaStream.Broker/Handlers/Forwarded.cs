using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

/// <summary>Requests that the controller decides: they go there as they are, and its answer comes back as it is.</summary>
static class Forwarded
{
    /// <summary>For requests that do not say how long their sender waits.</summary>
    const int Patience = 30_000;

    public static ValueTask<IMessage> CreateTopics(RequestContext context, IRequest request) =>
        Ask(context, (CreateTopicsRequest)request, ((CreateTopicsRequest)request).TimeoutMs);

    public static ValueTask<IMessage> DeleteTopics(RequestContext context, IRequest request) =>
        Ask(context, (DeleteTopicsRequest)request, ((DeleteTopicsRequest)request).TimeoutMs);

    public static ValueTask<IMessage> CreatePartitions(RequestContext context, IRequest request) =>
        Ask(context, (CreatePartitionsRequest)request, ((CreatePartitionsRequest)request).TimeoutMs);

    public static async ValueTask<IMessage> ElectLeaders(RequestContext context, IRequest request)
    {
        var asked = (ElectLeadersRequest)request;
        var response = await context.AskController(asked, asked.TimeoutMs);

        // Version 0 has no place for an error of the whole request; its partitions tell it.
        if (context.Version == 0) response.ErrorCode = ErrorCode.None;
        return response;
    }

    public static ValueTask<IMessage> AlterPartitionReassignments(RequestContext context, IRequest request) =>
        Ask(context, (AlterPartitionReassignmentsRequest)request, ((AlterPartitionReassignmentsRequest)request).TimeoutMs);

    public static ValueTask<IMessage> ListPartitionReassignments(RequestContext context, IRequest request) =>
        Ask(context, (ListPartitionReassignmentsRequest)request, ((ListPartitionReassignmentsRequest)request).TimeoutMs);

    public static ValueTask<IMessage> UpdateFeatures(RequestContext context, IRequest request) =>
        Ask(context, (UpdateFeaturesRequest)request, ((UpdateFeaturesRequest)request).TimeoutMs);

    public static ValueTask<IMessage> UnregisterBroker(RequestContext context, IRequest request) =>
        Ask(context, (UnregisterBrokerRequest)request, Patience);

    static async ValueTask<IMessage> Ask<TResponse>(RequestContext context, IRequest<TResponse> request, int timeoutMs)
        where TResponse : class, IMessage =>
        await context.AskController(request, timeoutMs);
}
