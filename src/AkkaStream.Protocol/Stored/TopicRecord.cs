namespace AkkaStream.Protocol.Stored;

// Metadata log: a topic was created.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 2)]
public sealed partial class TopicRecord
{
    public string Name { get; init; } = "";
    public TopicId TopicId { get; init; }
}
