namespace AkkaStream.Protocol.Stored;

// A classic group and its members, written when a generation is stable or the group empties. No value: the group is
// gone.
//
// v0   First version.
// v1   Rebalance time-out of members.
// v2   When the group entered its present state, for the expiry of offsets (KIP-211).
// v3   Static members (KIP-345).
// v4   Flexible.

[KafkaStored(StoredKind.GroupKey, versions: "0", flexible: "none", Id = 2)]
public sealed partial class GroupMetadataKey
{
    public string Group { get; init; } = "";
}

[KafkaStored(StoredKind.GroupValue, versions: "0-4", flexible: "4+", Id = 2)]
public sealed partial class GroupMetadataValue
{
    public string ProtocolType { get; init; } = "";
    public int Generation { get; init; }
    public string? Protocol { get; init; } = "";
    public string? Leader { get; init; } = "";
    [Versions("2+"), Ignorable] public long CurrentStateTimestamp { get; init; } = -1;
    public GroupMetadataValueMember[] Members { get; init; } = [];
}

public sealed partial class GroupMetadataValueMember
{
    public string MemberId { get; init; } = "";
    [Versions("3+"), Ignorable] public string? GroupInstanceId { get; init; }
    public string ClientId { get; init; } = "";
    public string ClientHost { get; init; } = "";
    [Versions("1+"), Ignorable] public int RebalanceTimeout { get; init; } = -1;
    public int SessionTimeout { get; init; }
    public ReadOnlyMemory<byte> Subscription { get; init; }

    // As the group's leader gave it (ConsumerProtocolAssignment).
    public ReadOnlyMemory<byte> Assignment { get; init; }
}
