namespace AkkaStream.Protocol.Stored;

// Metadata log: a topic was deleted.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 9)]
public sealed partial class RemoveTopicRecord
{
    public TopicId TopicId { get; init; }
}
