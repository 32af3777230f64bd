namespace AkkaStream.Protocol.Stored;

// A member of a consumer group: what it told of itself and its subscription (KIP-848).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 5)]
public sealed partial class ConsumerGroupMemberMetadataKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 5)]
public sealed partial class ConsumerGroupMemberMetadataValue
{
    public string? InstanceId { get; init; } = "";
    public string? RackId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string ClientHost { get; init; } = "";
    public string[] SubscribedTopicNames { get; init; } = [];
    public string? SubscribedTopicRegex { get; init; } = "";
    public int RebalanceTimeoutMs { get; init; } = -1;
    public string? ServerAssignor { get; init; } = "";

    // Null for members of the consumer protocol, and null is written then: absent reads as a fresh classic member.
    [Tagged(0, "0+"), NullableFrom("0+")]
    public ConsumerGroupMemberMetadataValueClassicMember? ClassicMemberMetadata { get; init; } = new();
}

public sealed partial class ConsumerGroupMemberMetadataValueClassicMember
{
    public int SessionTimeoutMs { get; init; }
    public ConsumerGroupMemberMetadataValueClassicProtocol[] SupportedProtocols { get; init; } = [];
}

public sealed partial class ConsumerGroupMemberMetadataValueClassicProtocol
{
    public string Name { get; init; } = "";
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
