namespace AkkaStream.Protocol.Stored;

// Metadata log: a partition as a whole.
//
// v0   First version.
// v1   Log directories (KIP-858).
// v2   Eligible leader replicas (KIP-966).

[KafkaStored(StoredKind.Metadata, versions: "0-2", flexible: "0+", Id = 3)]
public sealed partial class PartitionRecord
{
    public int PartitionId { get; init; } = -1;
    public TopicId TopicId { get; init; }
    public int[] Replicas { get; init; } = [];
    public int[] Isr { get; init; } = [];
    public int[] RemovingReplicas { get; init; } = [];
    public int[] AddingReplicas { get; init; } = [];
    public int Leader { get; init; } = -1;

    // 0 recovered, 1 recovering after an unclean election.
    [Tagged(0, "0+")] public sbyte LeaderRecoveryState { get; init; }

    public int LeaderEpoch { get; init; } = -1;
    public int PartitionEpoch { get; init; } = -1;
    [Versions("1+")] public Uuid[] Directories { get; init; } = [];
    [Tagged(1, "2+")] public int[]? EligibleLeaderReplicas { get; init; }
    [Tagged(2, "2+")] public int[]? LastKnownElr { get; init; }
}
