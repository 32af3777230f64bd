namespace AkkaStream.Protocol.Stored;

// Metadata log: the eligible leader replicas of a topic, or of all, do not count any more (KIP-966).

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 28)]
public sealed partial class ClearElrRecord
{
    public string TopicName { get; init; } = "";
}
