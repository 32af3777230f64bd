using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Controller;

/// <summary>What the controller is told at its start and never again. Bound from the settings by Server.</summary>
public sealed record ControllerSettings
{
    public required BrokerId NodeId { get; init; }

    public required string ClusterId { get; init; }

    /// <summary>This node's configuration file by Kafka's names: what topics inherit.</summary>
    public IReadOnlyDictionary<string, string> StaticConfigs { get; init; } = new Dictionary<string, string>();

    /// <summary>num.partitions</summary>
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>default.replication.factor</summary>
    public int DefaultReplicationFactor { get; init; } = 1;

    /// <summary>delete.topic.enable</summary>
    public bool DeleteTopicEnable { get; init; } = true;

    /// <summary>
    /// A broker registers unfenced, because store, controller and brokers live in one process: whoever registers is alive
    /// and sees all metadata. False where brokers are told apart by leases: then they start fenced.
    /// </summary>
    public bool RegistersUnfenced { get; init; } = true;

    /// <summary>Levels that this server can work with.</summary>
    public IReadOnlyDictionary<string, FeatureRange> SupportedFeatures { get; init; } = FeatureLevels.Supported;

    /// <summary>Levels that a new cluster starts with; only of features that this server serves.</summary>
    public IReadOnlyList<FeatureLevel> InitialFeatures { get; init; } = FeatureLevels.OfNewKafkaCluster;
}
