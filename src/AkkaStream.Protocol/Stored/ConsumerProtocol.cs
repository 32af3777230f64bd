namespace AkkaStream.Protocol.Stored;

// What consumers of a classic group tell each other inside JoinGroup and SyncGroup, each behind its version as int16.
// Brokers look inside only to know which topics a group reads.
//
// v0   Topics.
// v1   Partitions owned so far, for cooperative rebalancing (KIP-429).
// v2   Generation of these (KIP-792).
// v3   Rack of the member (KIP-881).

[KafkaStored(StoredKind.Versioned, versions: "0-3", flexible: "none")]
public sealed partial class ConsumerProtocolSubscription
{
    public string[] Topics { get; init; } = [];
    public ReadOnlyMemory<byte>? UserData { get; init; }
    [Versions("1+"), Ignorable]
    public ConsumerProtocolSubscriptionTopicPartitions[] OwnedPartitions { get; init; } = [];
    [Versions("2+"), Ignorable] public int GenerationId { get; init; } = -1;
    [Versions("3+"), Ignorable] public string? RackId { get; init; }
}

public sealed partial class ConsumerProtocolSubscriptionTopicPartitions
{
    [MapKey] public string Topic { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

[KafkaStored(StoredKind.Versioned, versions: "0-3", flexible: "none")]
public sealed partial class ConsumerProtocolAssignment
{
    public ConsumerProtocolAssignmentTopicPartitions[] AssignedPartitions { get; init; } = [];
    public ReadOnlyMemory<byte>? UserData { get; init; }
}

public sealed partial class ConsumerProtocolAssignmentTopicPartitions
{
    [MapKey] public string Topic { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}
