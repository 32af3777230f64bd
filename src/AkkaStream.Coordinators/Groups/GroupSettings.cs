using AkkaStream.Metadata.Configs;

namespace AkkaStream.Coordinators.Groups;

/// <summary>The broker's settings as group coordinators need them; computed anew when a setting changes, read by every step.</summary>
public sealed record GroupSettings
{
    public static readonly GroupSettings Default = Of(new BrokerLayers());

    /// <summary>How long a member may wait in its first rebalance. No setting, as in Kafka.</summary>
    public const int NewMemberJoinTimeoutMs = 5 * 60 * 1000;

    public required int MinSessionTimeoutMs { get; init; }
    public required int MaxSessionTimeoutMs { get; init; }
    public required int InitialRebalanceDelayMs { get; init; }
    public required int MaxSize { get; init; }
    public required int OffsetMetadataMaxBytes { get; init; }
    public required long OffsetsRetentionMs { get; init; }
    public required long OffsetsCheckIntervalMs { get; init; }
    public required int CommitTimeoutMs { get; init; }

    public static GroupSettings Of(BrokerLayers broker) => new()
    {
        MinSessionTimeoutMs = (int)broker.NumberOf("group.min.session.timeout.ms"),
        MaxSessionTimeoutMs = (int)broker.NumberOf("group.max.session.timeout.ms"),
        InitialRebalanceDelayMs = (int)broker.NumberOf("group.initial.rebalance.delay.ms"),
        MaxSize = (int)broker.NumberOf("group.max.size"),
        OffsetMetadataMaxBytes = (int)broker.NumberOf("offset.metadata.max.bytes"),
        OffsetsRetentionMs = broker.NumberOf("offsets.retention.minutes") * 60_000,
        OffsetsCheckIntervalMs = broker.NumberOf("offsets.retention.check.interval.ms"),
        CommitTimeoutMs = (int)broker.NumberOf("offsets.commit.timeout.ms"),
    };
}
