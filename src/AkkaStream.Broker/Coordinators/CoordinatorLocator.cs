using AkkaStream.Cluster.Controller;
using AkkaStream.Coordinators;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Broker.Coordinators;

/// <summary>
/// From a key to its coordinator: the leader of the key's partition of the internal topic, which is made when somebody first asks.
/// Any thread.
/// </summary>
sealed class CoordinatorLocator(BrokerNode node)
{
    /// <summary>The key's partition as the metadata has it; null while the topic does not exist.</summary>
    public int? PartitionOf(CoordinatorKind kind, string key) =>
        node.Image.Topics.Find(InternalTopics.NameOf(kind)) is { } topic ? CoordinatorKeys.PartitionOf(key, topic.Partitions.Length) : null;

    /// <summary>
    /// Where the key's coordinator is, by the listener that the client uses. COORDINATOR_NOT_AVAILABLE when the topic cannot be made now, or its
    /// partition has no leader: clients ask again.
    /// </summary>
    public async ValueTask<CoordinatorHome> FindAsync(CoordinatorKind kind, string key, RequestOrigin origin)
    {
        var topic = node.Image.Topics.Find(InternalTopics.NameOf(kind));
        if (topic is null && !IsServed(kind)) return HomeAt(node.Id, origin.Listener);
        if (topic is null)
        {
            var creation = InternalTopics.Creation(kind, node.Settings.Identity, node.Configs.Layers);
            if (await node.Creation.Create(creation, origin).ConfigureAwait(false) != ErrorCode.None) return CoordinatorHome.Unavailable;
            topic = node.Image.Topics.Find(InternalTopics.NameOf(kind));
        }
        if (topic is null) return CoordinatorHome.Unavailable;
        return HomeOf(topic, CoordinatorKeys.PartitionOf(key, topic.Partitions.Length), origin.Listener);
    }

    CoordinatorHome HomeOf(TopicImage topic, int partition, string listener) =>
        HomeAt(LeaderView.LeaderOf(node, topic, partition), listener);

    CoordinatorHome HomeAt(BrokerId leader, string listener) =>
        node.Image.Brokers.Find(leader) is { Fenced: false } broker && broker.EndpointOf(listener) is { } endpoint
            ? new CoordinatorHome(ErrorCode.None, leader, endpoint.Host, endpoint.Port)
            : CoordinatorHome.Unavailable;

    // Nobody keeps state yet for a protocol that is not served: its topic is not made, and its requests are refused by whoever gets them.
    static bool IsServed(CoordinatorKind kind) => kind switch
    {
        CoordinatorKind.Transaction => HandlerTable.IsServed(ApiKey.EndTxn),
        CoordinatorKind.Share => HandlerTable.IsServed(ApiKey.ShareFetch),
        _ => true,
    };
}

/// <summary>The broker that coordinates, or why none can be named.</summary>
readonly record struct CoordinatorHome(ErrorCode Error, BrokerId Broker, string Host, int Port)
{
    public static readonly CoordinatorHome Unavailable = new(ErrorCode.CoordinatorNotAvailable, BrokerId.None, "", -1);
    public static readonly CoordinatorHome NoSuchKind = new(ErrorCode.InvalidRequest, BrokerId.None, "", -1);
}
