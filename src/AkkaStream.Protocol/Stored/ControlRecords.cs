namespace AkkaStream.Protocol.Stored;

// What control batches hold. The key is version and type: 0 abort, 1 commit, 2 leader change, 3 and 4 snapshot header
// and footer, 5 kraft.version, 6 voters. The value repeats its version in its first field, or before it with
// EndTxnMarker.

[KafkaStored(StoredKind.Versioned, versions: "0", flexible: "none")]
public sealed partial class ControlRecordTypeSchema
{
    public short Type { get; init; }
}

[KafkaStored(StoredKind.Versioned, versions: "0", flexible: "none")]
public sealed partial class EndTxnMarker
{
    // Markers of an older coordinator are refused.
    public int CoordinatorEpoch { get; init; }
}

// v1   Directory ids of the voters (KIP-853).
[KafkaStored(StoredKind.Bare, versions: "0-1", flexible: "0+")]
public sealed partial class LeaderChangeMessage
{
    public short Version { get; init; }
    public int LeaderId { get; init; }
    public LeaderChangeMessageVoter[] Voters { get; init; } = [];
    public LeaderChangeMessageVoter[] GrantingVoters { get; init; } = [];
}

public sealed partial class LeaderChangeMessageVoter
{
    public int VoterId { get; init; }
    [Versions("1+")] public Uuid VoterDirectoryId { get; init; }
}

[KafkaStored(StoredKind.Bare, versions: "0", flexible: "0+")]
public sealed partial class SnapshotHeaderRecord
{
    public short Version { get; init; }
    public long LastContainedLogTimestamp { get; init; }
}

[KafkaStored(StoredKind.Bare, versions: "0", flexible: "0+")]
public sealed partial class SnapshotFooterRecord
{
    public short Version { get; init; }
}

[KafkaStored(StoredKind.Bare, versions: "0", flexible: "0+")]
public sealed partial class KRaftVersionRecord
{
    public short Version { get; init; }
    public short KRaftVersion { get; init; }
}

[KafkaStored(StoredKind.Bare, versions: "0", flexible: "0+")]
public sealed partial class VotersRecord
{
    public short Version { get; init; }
    public VotersRecordVoter[] Voters { get; init; } = [];
}

public sealed partial class VotersRecordVoter
{
    public int VoterId { get; init; }
    public Uuid VoterDirectoryId { get; init; }
    public VotersRecordEndpoint[] Endpoints { get; init; } = [];
    public VotersRecordKRaftVersionFeature KRaftVersionFeature { get; init; } = new();
}

public sealed partial class VotersRecordEndpoint
{
    [MapKey] public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public ushort Port { get; init; }
}

public sealed partial class VotersRecordKRaftVersionFeature
{
    public short MinSupportedVersion { get; init; }
    public short MaxSupportedVersion { get; init; }
}
