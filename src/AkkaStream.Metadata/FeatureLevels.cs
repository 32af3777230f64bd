using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>The levels of one feature that some software can work with, both ends included.</summary>
public sealed record FeatureRange(short Lowest, short Highest)
{
    public bool Contains(short level) => level >= Lowest && level <= Highest;

    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest}-{Highest}";
}

/// <summary>
/// Which forms of wire and disk may be used yet. What the software supports is told here, once; what the cluster has
/// finalised stands in the image. Only what works is supported: clients switch their protocols by these levels.
/// </summary>
public static class FeatureLevels
{
    public const string MetadataVersion = "metadata.version";
    public const string TransactionVersion = "transaction.version";
    public const string GroupVersion = "group.version";
    public const string ShareVersion = "share.version";
    public const string StreamsVersion = "streams.version";
    public const string EligibleLeaderReplicasVersion = "eligible.leader.replicas.version";
    public const string KRaftVersion = "kraft.version";

    /// <summary>Kafka 4.3: records are written in the newest form that it knows.</summary>
    public const short NewestMetadataVersion = 30;

    /// <summary>What Kafka 4.3.1 advertises, feature by feature.</summary>
    public static readonly IReadOnlyDictionary<string, FeatureRange> Supported = new Dictionary<string, FeatureRange>
    {
        [EligibleLeaderReplicasVersion] = new(0, 1),
        [GroupVersion] = new(0, 1),
        [KRaftVersion] = new(0, 1),
        [MetadataVersion] = new(7, NewestMetadataVersion),
        [ShareVersion] = new(0, 1),
        [StreamsVersion] = new(0, 1),
        [TransactionVersion] = new(0, 2),
    };

    /// <summary>Those whose protocols work here: what brokers tell, and what may be finalised. A protocol that lands adds its feature.</summary>
    public static readonly IReadOnlyDictionary<string, FeatureRange> Served = new Dictionary<string, FeatureRange>
    {
        [EligibleLeaderReplicasVersion] = Supported[EligibleLeaderReplicasVersion],
        [GroupVersion] = Supported[GroupVersion],
        [MetadataVersion] = Supported[MetadataVersion],
    };

    /// <summary>What a new cluster of Kafka 4.3 starts with.</summary>
    public static readonly IReadOnlyList<FeatureLevel> OfNewKafkaCluster =
    [
        new(EligibleLeaderReplicasVersion, 1),
        new(GroupVersion, 1),
        new(MetadataVersion, NewestMetadataVersion),
        new(ShareVersion, 1),
        new(StreamsVersion, 1),
        new(TransactionVersion, 2),
    ];

    /// <summary>What a new cluster of ours starts with: Kafka's, as far as it is served.</summary>
    public static readonly IReadOnlyList<FeatureLevel> OfNewCluster = [.. OfNewKafkaCluster.Where(f => Served.ContainsKey(f.Feature))];

    /// <summary>In the order in which they are written: a reader decides by the level of the forms how to take what follows.</summary>
    public static IEnumerable<FeatureLevel> FormsFirst(IReadOnlyList<FeatureLevel> levels) =>
        [.. levels.Where(f => f.Feature == MetadataVersion), .. levels.Where(f => f.Feature != MetadataVersion)];
}
