namespace AkkaStream.Protocol.Stored;

// For which partitions a share group has state, is about to have it, or is about to lose it (KIP-932).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 15)]
public sealed partial class ShareGroupStatePartitionMetadataKey
{
    public string GroupId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 15)]
public sealed partial class ShareGroupStatePartitionMetadataValue
{
    public ShareGroupStatePartitionMetadataValueTopicPartitions[] InitializingTopics { get; init; } = [];
    public ShareGroupStatePartitionMetadataValueTopicPartitions[] InitializedTopics { get; init; } = [];
    public ShareGroupStatePartitionMetadataValueTopic[] DeletingTopics { get; init; } = [];
}

public sealed partial class ShareGroupStatePartitionMetadataValueTopicPartitions
{
    public TopicId TopicId { get; init; }
    public string TopicName { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}

public sealed partial class ShareGroupStatePartitionMetadataValueTopic
{
    public TopicId TopicId { get; init; }
    public string TopicName { get; init; } = "";
}
