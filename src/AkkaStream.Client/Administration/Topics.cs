using AkkaStream.Protocol;

namespace AkkaStream.Client.Administration;

/// <summary>A topic to create. Without numbers the brokers' defaults count.</summary>
public sealed record NewTopic(string Name, int Partitions = -1, short ReplicationFactor = -1)
{
    /// <summary>Which brokers hold which partition, first the preferred leader; replaces both numbers.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>>? Assignments { get; init; }

    /// <summary>Topic configs that differ from the brokers'.</summary>
    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();
}

/// <summary>A topic that was created.</summary>
public sealed record CreatedTopic(TopicId Id, int Partitions, short ReplicationFactor);

/// <summary>A partition as described for operators.</summary>
public sealed record PartitionDescription(
    int Partition, int Leader, IReadOnlyList<int> Replicas, IReadOnlyList<int> Isr, IReadOnlyList<int>? EligibleLeaders,
    IReadOnlyList<int>? LastKnownEligibleLeaders);

/// <summary>A topic as described for operators.</summary>
public sealed record TopicDescription(string Name, TopicId Id, bool IsInternal, IReadOnlyList<PartitionDescription> Partitions);

/// <summary>A topic's name and id.</summary>
public sealed record TopicListing(string Name, TopicId Id, bool IsInternal);

/// <summary>The cluster's id and nodes.</summary>
public sealed record ClusterDescription(string ClusterId, int ControllerId, IReadOnlyList<BrokerDescription> Brokers);

/// <summary>A broker, living or fenced.</summary>
public sealed record BrokerDescription(int Id, string Host, int Port, string? Rack, bool IsFenced);
