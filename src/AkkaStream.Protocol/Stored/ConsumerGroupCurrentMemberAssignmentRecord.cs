namespace AkkaStream.Protocol.Stored;

// What one member of a consumer group owns and still has to give up (KIP-848).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 8)]
public sealed partial class ConsumerGroupCurrentMemberAssignmentKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 8)]
public sealed partial class ConsumerGroupCurrentMemberAssignmentValue
{
    public int MemberEpoch { get; init; }
    public int PreviousMemberEpoch { get; init; }
    public sbyte State { get; init; }
    public ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[] AssignedPartitions { get; init; } = [];
    public ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[] PartitionsPendingRevocation { get; init; } = [];
}

public sealed partial class ConsumerGroupCurrentMemberAssignmentValueTopicPartitions
{
    public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
    [Tagged(0, "0+")] public int[]? AssignmentEpochs { get; init; } = [];
}
