using AkkaStream.Broker.Configs;
using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Coordinators;

/// <summary>Who is coordinated; the numbers are FindCoordinator's key types.</summary>
enum CoordinatorKind : sbyte
{
    Group = 0,
    Transaction = 1,
    Share = 2,
}

/// <summary>The topics that coordinators keep their state in, as Kafka makes them.</summary>
static class InternalTopics
{
    const string OffsetsPrefix = "offsets.topic", TransactionsPrefix = "transaction.state.log", SharePrefix = "share.coordinator.state.topic";

    public static string NameOf(CoordinatorKind kind) => kind switch
    {
        CoordinatorKind.Group => TopicName.ConsumerOffsets,
        CoordinatorKind.Transaction => TopicName.TransactionState,
        _ => TopicName.ShareGroupState,
    };

    public static CoordinatorKind? KindOf(string topic) => topic switch
    {
        TopicName.ConsumerOffsets => CoordinatorKind.Group,
        TopicName.TransactionState => CoordinatorKind.Transaction,
        TopicName.ShareGroupState => CoordinatorKind.Share,
        _ => null,
    };

    /// <summary>How many partitions it gets; how many it has is in the image.</summary>
    public static int PartitionsOf(CoordinatorKind kind, BrokerLayers layers) => (int)layers.NumberOf($"{PrefixOf(kind)}.num.partitions");

    public static CreateTopicsRequestTopic Creation(CoordinatorKind kind, BrokerIdentity identity, BrokerLayers layers) => new()
    {
        Name = NameOf(kind),
        NumPartitions = PartitionsOf(kind, layers),
        ReplicationFactor = ReplicasOf(kind, identity, layers),
        Configs = [.. ConfigsOf(kind, identity, layers).Select(c => new CreateTopicsRequestConfig { Name = c.Name, Value = c.Value })],
    };

    static string PrefixOf(CoordinatorKind kind) => kind switch
    {
        CoordinatorKind.Group => OffsetsPrefix,
        CoordinatorKind.Transaction => TransactionsPrefix,
        _ => SharePrefix,
    };

    // A broker that is alone could never make three replicas. Whoever says three gets three, or none.
    static short ReplicasOf(CoordinatorKind kind, BrokerIdentity identity, BrokerLayers layers)
    {
        string name = $"{PrefixOf(kind)}.replication.factor";
        return identity.IsAlone && !layers.Static.ContainsKey(name) ? (short)1 : (short)layers.NumberOf(name);
    }

    static (string Name, string Value)[] ConfigsOf(CoordinatorKind kind, BrokerIdentity identity, BrokerLayers layers)
    {
        string segment = NumberOf(layers, $"{PrefixOf(kind)}.segment.bytes");
        return kind switch
        {
            CoordinatorKind.Group =>
                [("cleanup.policy", "compact"), ("compression.type", "producer"), ("segment.bytes", segment)],
            CoordinatorKind.Transaction =>
            [
                ("unclean.leader.election.enable", "false"), ("compression.type", "uncompressed"), ("cleanup.policy", "compact"),
                ("min.insync.replicas", NumberOf(layers, $"{TransactionsPrefix}.min.isr")), ("segment.bytes", segment),
            ],
            _ =>
            [
                ("cleanup.policy", "delete"), ("compression.type", "producer"), ("retention.ms", "-1"), ("segment.bytes", segment),
                ("min.insync.replicas", NumberOf(layers, $"{SharePrefix}.min.isr")),
            ],
        };
    }

    static string NumberOf(BrokerLayers layers, string name) => layers.ValueOf(name)?.Text ?? "";
}
