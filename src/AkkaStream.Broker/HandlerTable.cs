using AkkaStream.Broker.Handlers;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker;

/// <summary>Answers one request; the answer may come later.</summary>
delegate ValueTask<IMessage> Handle(RequestContext context, IRequest request);

/// <summary>Where a handler runs: on the network loop (quick, from memory), or on the work lane.</summary>
enum Lane : byte
{
    Inline,
    Work,
}

sealed record Handler(Lane Lane, Handle Handle);

/// <summary>
/// Which APIs this broker serves, and by whom: the one list behind routing and ApiVersions. What is not in it is not advertised, and
/// closes the connection when somebody sends it all the same.
/// </summary>
static class HandlerTable
{
    static readonly Handler?[] All = Build();

    public static Handler? HandlerOf(ApiKey key) => (ushort)key < (uint)All.Length ? All[(ushort)key] : null;

    public static bool IsServed(ApiKey key) => key is ApiKey.Produce or ApiKey.Fetch || HandlerOf(key) is not null;

    /// <summary>Versions that are accepted.</summary>
    public static VersionRange Served(ApiKey key)
    {
        if (!IsServed(key)) return VersionRange.None;
        var advertised = ApiTable.Advertised(key);
        return key == ApiKey.Produce ? new VersionRange(ApiTable.Versions(key).Lowest, advertised.Highest) : advertised;
    }

    static Handler?[] Build()
    {
        var handlers = new Handler?[128];
        void Serve(ApiKey key, Lane lane, Handle handle) => handlers[(short)key] = new Handler(lane, handle);

        Serve(ApiKey.ApiVersions, Lane.Inline, ApiVersionsHandler.Handle);
        Serve(ApiKey.Metadata, Lane.Work, MetadataHandler.Handle);
        Serve(ApiKey.ListOffsets, Lane.Work, ListOffsetsHandler.Handle);
        Serve(ApiKey.FindCoordinator, Lane.Work, FindCoordinatorHandler.Handle);
        Serve(ApiKey.InitProducerId, Lane.Work, InitProducerIdHandler.Handle);
        Serve(ApiKey.CreateTopics, Lane.Work, Forwarded.CreateTopics);
        Serve(ApiKey.DeleteTopics, Lane.Work, Forwarded.DeleteTopics);
        Serve(ApiKey.CreatePartitions, Lane.Work, Forwarded.CreatePartitions);
        return handlers;
    }
}
