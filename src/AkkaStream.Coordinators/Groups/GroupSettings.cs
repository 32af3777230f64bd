using AkkaStream.Coordinators.Groups.Assignors;
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
    public required int ConsumerMaxSize { get; init; }

    /// <summary>The first is the default.</summary>
    public required IReadOnlyList<string> ConsumerAssignors { get; init; }
    public required BoundedMs ConsumerSessionTimeout { get; init; }
    public required BoundedMs ConsumerHeartbeatInterval { get; init; }
    public required BoundedMs ConsumerAssignmentInterval { get; init; }
    public required int RegexRefreshIntervalMs { get; init; }

    /// <summary>Whether groups may change to the consumer protocol, or back, while members are in.</summary>
    public required bool AllowsUpgrade { get; init; }
    public required bool AllowsDowngrade { get; init; }

    /// <summary>group.coordinator.rebalance.protocols</summary>
    public required bool OffersConsumerProtocol { get; init; }

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
        ConsumerMaxSize = (int)broker.NumberOf("group.consumer.max.size"),
        ConsumerAssignors = AssignorsOf(broker.ValueOf("group.consumer.assignors")?.Items ?? []),
        ConsumerSessionTimeout = Bounded(broker, "session.timeout.ms"),
        ConsumerHeartbeatInterval = Bounded(broker, "heartbeat.interval.ms"),
        ConsumerAssignmentInterval = Bounded(broker, "assignment.interval.ms"),
        RegexRefreshIntervalMs = (int)broker.NumberOf("group.consumer.regex.refresh.interval.ms"),
        AllowsUpgrade = MayMigrate(broker, "upgrade"),
        AllowsDowngrade = MayMigrate(broker, "downgrade"),
        OffersConsumerProtocol = broker.ValueOf("group.coordinator.rebalance.protocols")?.Items.Contains("consumer") ?? true,
    };

    static BoundedMs Bounded(BrokerLayers broker, string name) => new(
        (int)broker.NumberOf($"group.consumer.{name}"), (int)broker.NumberOf($"group.consumer.min.{name}"),
        (int)broker.NumberOf($"group.consumer.max.{name}"));

    static bool MayMigrate(BrokerLayers broker, string way) =>
        broker.ValueOf("group.consumer.migration.policy")?.Text.ToLowerInvariant() is var policy && (policy == way || policy == "bidirectional");

    /// <summary>Kafka's files may name the classes of its own assignors. Others are not here; without any the default ones serve.</summary>
    static IReadOnlyList<string> AssignorsOf(IReadOnlyList<string> configured)
    {
        string[] known =
        [
            .. configured
                .Select(c => c.EndsWith(".UniformAssignor") ? ServerAssignors.Uniform : c.EndsWith(".RangeAssignor") ? ServerAssignors.Range : c)
                .Where(ServerAssignors.Exists).Distinct(),
        ];
        return known.Length > 0 ? known : [ServerAssignors.Uniform, ServerAssignors.Range];
    }
}
