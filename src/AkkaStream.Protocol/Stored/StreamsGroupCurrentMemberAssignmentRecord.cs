namespace AkkaStream.Protocol.Stored;

// The tasks that one member of a Streams group runs and still has to give up (KIP-1071).

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 22)]
public sealed partial class StreamsGroupCurrentMemberAssignmentKey
{
    public string GroupId { get; init; } = "";
    public string MemberId { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0", flexible: "0+", Id = 22)]
public sealed partial class StreamsGroupCurrentMemberAssignmentValue
{
    public int MemberEpoch { get; init; }
    public int PreviousMemberEpoch { get; init; }
    public sbyte State { get; init; }
    public StreamsGroupCurrentMemberAssignmentValueTaskIds[] ActiveTasks { get; init; } = [];
    public StreamsGroupCurrentMemberAssignmentValueTaskIds[] StandbyTasks { get; init; } = [];
    public StreamsGroupCurrentMemberAssignmentValueTaskIds[] WarmupTasks { get; init; } = [];
    public StreamsGroupCurrentMemberAssignmentValueTaskIds[] ActiveTasksPendingRevocation { get; init; } = [];
    public StreamsGroupCurrentMemberAssignmentValueTaskIds[] StandbyTasksPendingRevocation { get; init; } = [];
    public StreamsGroupCurrentMemberAssignmentValueTaskIds[] WarmupTasksPendingRevocation { get; init; } = [];
}

public sealed partial class StreamsGroupCurrentMemberAssignmentValueTaskIds
{
    public string SubtopologyId { get; init; } = "";
    public int[] Partitions { get; init; } = [];
    [Tagged(0, "0+")] public int[]? AssignmentEpochs { get; init; } = [];
}
