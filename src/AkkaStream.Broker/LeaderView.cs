using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Replication;

namespace AkkaStream.Broker;

/// <summary>
/// Who leads, as clients may be told: the metadata's leader, unless that is this broker and its log has failed. Whoever is named takes writes.
/// </summary>
static class LeaderView
{
    public static BrokerId LeaderOf(BrokerNode node, TopicImage topic, int partition)
    {
        var leader = topic.Partitions[partition].Leader;
        if (leader == node.Id) return IsOfflineHere(node, topic, partition) ? BrokerId.None : leader;
        return node.Image.Brokers.Find(leader) is { Fenced: false } ? leader : BrokerId.None;
    }

    /// <summary>With NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH: who it is instead, and since when (KIP-951). Null when nobody is.</summary>
    public static (int Id, int Epoch)? HintFor(ErrorCode error, BrokerNode node, TopicReplicas? topic, int partition)
    {
        if (error is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch) || topic is null) return null;
        return node.Image.Topics.Find(topic.Id, new PartitionId(partition)) is { HasLeader: true } image
            ? (image.Leader.Value, image.LeaderEpoch.Value)
            : null;
    }

    /// <summary>Where a client of this listener reaches the leaders that an answer names.</summary>
    public static IEnumerable<(BrokerImage Broker, EndpointImage Endpoint)> EndpointsOf(BrokerNode node, IEnumerable<int> leaders, string listener)
    {
        foreach (int leader in leaders.Distinct())
        {
            if (node.Image.Brokers.Find(new BrokerId(leader)) is { Fenced: false } broker && broker.EndpointOf(listener) is { } endpoint)
                yield return (broker, endpoint);
        }
    }

    /// <summary>Replicas on brokers that are away, and this broker's own when its log has failed.</summary>
    public static int[] OfflineReplicasOf(BrokerNode node, MetadataImage image, TopicImage topic, int partition)
    {
        int[] replicas = topic.Partitions[partition].Replicas.Wire;
        foreach (int replica in replicas)
        {
            if (IsOffline(replica)) return Array.FindAll(replicas, IsOffline);
        }
        return [];

        bool IsOffline(int replica) => replica == node.Id.Value
            ? IsOfflineHere(node, topic, partition)
            : image.Brokers.Find(new BrokerId(replica)) is not { Fenced: false };
    }

    static bool IsOfflineHere(BrokerNode node, TopicImage topic, int partition) =>
        node.Replicas.TryFind(topic.Id, out var replicas) && replicas.Replica(partition) is { Standing.Refusal: ErrorCode.KafkaStorageError };
}
