namespace AkkaStream.Protocol.Stored;

// A member of a share group: what it told of itself and its subscription (KIP-932).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 10)]
public sealed partial class ShareGroupMemberMetadataKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 10)]
public sealed partial class ShareGroupMemberMetadataValue
{
    public string? RackId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string ClientHost { get; init; } = "";
    public string[] SubscribedTopicNames { get; init; } = [];
}
