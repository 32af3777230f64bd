namespace AkkaStream.Protocol.Stored;

// Metadata log: a partition changed. What did not change is absent.
//
// v0   First version.
// v1   Log directories (KIP-858).
// v2   Eligible leader replicas (KIP-966).

[KafkaStored(StoredKind.Metadata, versions: "0-2", flexible: "0+", Id = 5)]
public sealed partial class PartitionChangeRecord
{
    public int PartitionId { get; init; } = -1;
    public TopicId TopicId { get; init; }
    [Tagged(0, "0+")] public int[]? Isr { get; init; }

    // -1: none now; -2: unchanged.
    [Tagged(1, "0+")] public int Leader { get; init; } = -2;

    [Tagged(2, "0+")] public int[]? Replicas { get; init; }
    [Tagged(3, "0+")] public int[]? RemovingReplicas { get; init; }
    [Tagged(4, "0+")] public int[]? AddingReplicas { get; init; }

    // -1 unchanged, 0 recovered, 1 recovering after an unclean election.
    [Tagged(5, "0+")] public sbyte LeaderRecoveryState { get; init; } = -1;

    [Tagged(8, "1+")] public Uuid[]? Directories { get; init; }
    [Tagged(6, "2+")] public int[]? EligibleLeaderReplicas { get; init; }
    [Tagged(7, "2+")] public int[]? LastKnownElr { get; init; }
}
