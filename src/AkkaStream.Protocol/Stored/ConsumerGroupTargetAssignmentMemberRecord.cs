namespace AkkaStream.Protocol.Stored;

// What one member of a consumer group shall own (KIP-848).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 7)]
public sealed partial class ConsumerGroupTargetAssignmentMemberKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 7)]
public sealed partial class ConsumerGroupTargetAssignmentMemberValue
{
    public ConsumerGroupTargetAssignmentMemberValueTopicPartitions[] TopicPartitions { get; init; } = [];
}

public sealed partial class ConsumerGroupTargetAssignmentMemberValueTopicPartitions
{
    public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
}
