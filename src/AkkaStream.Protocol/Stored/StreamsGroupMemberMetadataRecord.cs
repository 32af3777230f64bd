namespace AkkaStream.Protocol.Stored;

// A member of a Streams group: what it told of itself (KIP-1071).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 19)]
public sealed partial class StreamsGroupMemberMetadataKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 19)]
public sealed partial class StreamsGroupMemberMetadataValue
{
    public string? InstanceId { get; init; } = "";
    public string? RackId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string ClientHost { get; init; } = "";
    public int RebalanceTimeoutMs { get; init; } = -1;
    public int TopologyEpoch { get; init; }
    public string ProcessId { get; init; } = "";
    public StreamsGroupMemberMetadataValueEndpoint? UserEndpoint { get; init; }
    public StreamsGroupMemberMetadataValueKeyValue[] ClientTags { get; init; } = [];
}

public sealed partial class StreamsGroupMemberMetadataValueEndpoint
{
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

public sealed partial class StreamsGroupMemberMetadataValueKeyValue
{
    public string Key { get; init; } = "";
    public string Value { get; init; } = "";
}
