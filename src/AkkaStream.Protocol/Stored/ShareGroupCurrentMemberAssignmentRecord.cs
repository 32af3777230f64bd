namespace AkkaStream.Protocol.Stored;

// What one member of a share group reads from (KIP-932).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 14)]
public sealed partial class ShareGroupCurrentMemberAssignmentKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 14)]
public sealed partial class ShareGroupCurrentMemberAssignmentValue
{
    public int MemberEpoch { get; init; }
    public int PreviousMemberEpoch { get; init; }
    public sbyte State { get; init; }
    public ShareGroupCurrentMemberAssignmentValueTopicPartitions[] AssignedPartitions { get; init; } = [];
}

public sealed partial class ShareGroupCurrentMemberAssignmentValueTopicPartitions
{
    public TopicId TopicId { get; init; }
    public int[] Partitions { get; init; } = [];
}
