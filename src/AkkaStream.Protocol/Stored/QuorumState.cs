namespace AkkaStream.Protocol.Stored;

// The file quorum-state of a controller: who leads, whom it voted for. JSON on disk; never these bytes.
//
// v0   First version.
// v1   Directory id of the candidate; voters moved into the log (KIP-853).

[KafkaStored(StoredKind.Bare, versions: "0-1", flexible: "0+", Name = "QuorumStateData")]
public sealed partial class QuorumState
{
    [Versions("0")] public string ClusterId { get; init; } = "";
    public int LeaderId { get; init; } = -1;
    public int LeaderEpoch { get; init; } = -1;
    public int VotedId { get; init; } = -1;
    [Versions("1+")] public Uuid VotedDirectoryId { get; init; }
    [Versions("0")] public long AppliedOffset { get; init; }
    [Versions("0")] public QuorumStateVoter[]? CurrentVoters { get; init; } = [];
}

public sealed partial class QuorumStateVoter
{
    public int VoterId { get; init; }
}
