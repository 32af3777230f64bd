namespace AkkaStream.Protocol.Stored;

// What a consumer group last knew of its topics. No longer written: the hash in the group's own record took its place.
// Read, so that it can be deleted.

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 4)]
public sealed partial class ConsumerGroupPartitionMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 4)]
public sealed partial class ConsumerGroupPartitionMetadataValue
{
    public ConsumerGroupPartitionMetadataValueTopic[] Topics { get; init; } = [];
}

public sealed partial class ConsumerGroupPartitionMetadataValueTopic
{
    public TopicId TopicId { get; init; }
    public string TopicName { get; init; } = "";
    public int NumPartitions { get; init; }
    public ConsumerGroupPartitionMetadataValuePartition[] PartitionMetadata { get; init; } = [];
}

public sealed partial class ConsumerGroupPartitionMetadataValuePartition
{
    public int Partition { get; init; }
    public string[] Racks { get; init; } = [];
}
