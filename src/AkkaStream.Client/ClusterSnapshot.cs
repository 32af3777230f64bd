using AkkaStream.Protocol;

namespace AkkaStream.Client;

/// <summary>A broker as metadata tells it.</summary>
public sealed record BrokerView(int Id, string Host, int Port, string? Rack);

/// <summary>A partition as metadata tells it; a leader of -1 means that there is none at the moment.</summary>
public sealed record PartitionView(
    int Index, int Leader, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> Isr, IReadOnlyList<int> OfflineReplicas, ErrorCode Error);

/// <summary>A topic as metadata tells it. Partitions are in the order of their numbers.</summary>
public sealed record TopicView(string Name, TopicId Id, bool IsInternal, ErrorCode Error, IReadOnlyList<PartitionView> Partitions)
{
    /// <summary>The operations that the client may perform, one bit each; the smallest number when they were not asked for.</summary>
    public int AuthorizedOperations { get; init; } = int.MinValue;
}

/// <summary>What was known of the cluster at one moment. Immutable.</summary>
public sealed class ClusterSnapshot
{
    internal static readonly ClusterSnapshot Empty = new(0, null, -1, [], new Dictionary<string, TopicView>());

    readonly Dictionary<TopicId, TopicView> _byId;

    internal ClusterSnapshot(
        long version, string? clusterId, int controllerId, IReadOnlyList<BrokerView> brokers, IReadOnlyDictionary<string, TopicView> topics)
    {
        Version = version;
        ClusterId = clusterId;
        ControllerId = controllerId;
        Brokers = brokers;
        Topics = topics;
        _byId = new Dictionary<TopicId, TopicView>(topics.Count);
        foreach (var topic in topics.Values)
            if (!topic.Id.IsZero) _byId[topic.Id] = topic;
    }

    /// <summary>Grows with every change.</summary>
    public long Version { get; }

    /// <summary>The cluster's id; null while nothing is known yet.</summary>
    public string? ClusterId { get; }

    /// <summary>The controller, or a broker that stands in for it; -1 when unknown.</summary>
    public int ControllerId { get; }

    /// <summary>The living brokers.</summary>
    public IReadOnlyList<BrokerView> Brokers { get; }

    /// <summary>The topics that were asked for.</summary>
    public IReadOnlyDictionary<string, TopicView> Topics { get; }

    /// <summary>A topic by its id, if it is known.</summary>
    public TopicView? TopicOf(TopicId id) => _byId.GetValueOrDefault(id);

    /// <summary>A broker by its id, if it is known.</summary>
    public BrokerView? BrokerOf(int id)
    {
        foreach (var broker in Brokers)
            if (broker.Id == id) return broker;
        return null;
    }

    internal PartitionView? PartitionOf(string topic, int partition) =>
        Topics.TryGetValue(topic, out var view) && (uint)partition < (uint)view.Partitions.Count ? view.Partitions[partition] : null;
}
