namespace AkkaStream.Protocol.Stored;

// A regular expression of a consumer group and the topics that it stood for when last resolved (KIP-848).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 16)]
public sealed partial class ConsumerGroupRegularExpressionKey
{
    public string GroupId { get; init; } = "";
    public string RegularExpression { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 16)]
public sealed partial class ConsumerGroupRegularExpressionValue
{
    public string[] Topics { get; init; } = [];
    public long Version { get; init; }
    public long Timestamp { get; init; }
}
