namespace AkkaStream.Protocol.Stored;

// What one member of a share group shall read from (KIP-932).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 13)]
public sealed partial class ShareGroupTargetAssignmentMemberKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 13)]
public sealed partial class ShareGroupTargetAssignmentMemberValue
{
    public ShareGroupTargetAssignmentMemberValueTopicPartitions[] TopicPartitions { get; init; } = [];
}

public sealed partial class ShareGroupTargetAssignmentMemberValueTopicPartitions
{
    public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
}
