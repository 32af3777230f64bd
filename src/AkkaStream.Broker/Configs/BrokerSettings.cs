using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol;

namespace AkkaStream.Broker.Configs;

/// <summary>Who this broker is. Never changes.</summary>
public sealed record BrokerIdentity
{
    public required BrokerId Id { get; init; }
    public required string ClusterId { get; init; }
    public string? Rack { get; init; }

    /// <summary>
    /// A cluster of one on the embedded store: internal topics have one replica unless the file says how many they shall have.
    /// </summary>
    public bool IsAlone { get; init; } = true;
}

/// <summary>The broker's settings that handlers work with, as plain values; Kafka's names stand beside them. Immutable.</summary>
public sealed record BrokerSettings
{
    public required BrokerIdentity Identity { get; init; }

    /// <summary>fetch.max.bytes</summary>
    public required int FetchMaxBytes { get; init; }

    /// <summary>auto.create.topics.enable</summary>
    public required bool AutoCreateTopics { get; init; }

    /// <summary>max.incremental.fetch.session.cache.slots</summary>
    public required int FetchSessionSlots { get; init; }

    /// <summary>max.request.partition.size.limit: partitions that one answer to DescribeTopicPartitions may hold.</summary>
    public required int PartitionsPerAnswer { get; init; }

    /// <summary>log.segment.delete.delay.ms: how long the files of a deleted partition stay.</summary>
    public required TimeSpan DeleteDelay { get; init; }

    public static BrokerSettings Of(BrokerIdentity identity, BrokerLayers layers) => new()
    {
        Identity = identity,
        FetchMaxBytes = (int)layers.NumberOf("fetch.max.bytes"),
        AutoCreateTopics = layers.NumberOf("auto.create.topics.enable") != 0,
        FetchSessionSlots = (int)layers.NumberOf("max.incremental.fetch.session.cache.slots"),
        PartitionsPerAnswer = (int)layers.NumberOf("max.request.partition.size.limit"),
        DeleteDelay = TimeSpan.FromMilliseconds(Math.Min(layers.NumberOf("log.segment.delete.delay.ms"), int.MaxValue)),
    };
}
