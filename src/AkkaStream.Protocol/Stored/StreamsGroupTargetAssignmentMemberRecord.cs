namespace AkkaStream.Protocol.Stored;

// The tasks that one member of a Streams group shall run (KIP-1071).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 21)]
public sealed partial class StreamsGroupTargetAssignmentMemberKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 21)]
public sealed partial class StreamsGroupTargetAssignmentMemberValue
{
    public StreamsGroupTargetAssignmentMemberValueTaskIds[] ActiveTasks { get; init; } = [];
    public StreamsGroupTargetAssignmentMemberValueTaskIds[] StandbyTasks { get; init; } = [];
    public StreamsGroupTargetAssignmentMemberValueTaskIds[] WarmupTasks { get; init; } = [];
}

public sealed partial class StreamsGroupTargetAssignmentMemberValueTaskIds
{
    public string SubtopologyId { get; init; } = "";
    public int[] Partitions { get; init; } = [];
}
