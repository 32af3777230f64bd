namespace AkkaStream.Client.Administration;

/// <summary>A group as a list shows it.</summary>
public sealed record GroupListing(string GroupId, string ProtocolType, string State, string Type);

/// <summary>A member of a group.</summary>
public sealed record GroupMemberDescription(
    string MemberId, string? InstanceId, string ClientId, string Host, IReadOnlyList<TopicPartition> Assignment)
{
    /// <summary>Of the newer protocol: what it is to have in the end; null for the classic one.</summary>
    public IReadOnlyList<TopicPartition>? Target { get; init; }

    /// <summary>Of the newer protocol: how far the member has come; null for the classic one.</summary>
    public int? Epoch { get; init; }

    /// <summary>Of the newer protocol: whether the member itself speaks it; null if that was not told.</summary>
    public bool? IsUpgraded { get; init; }
}

/// <summary>A group and its members.</summary>
public sealed record GroupDescription(
    string GroupId, string State, string Type, string ProtocolType, string Assignor, BrokerView? Coordinator,
    IReadOnlyList<GroupMemberDescription> Members)
{
    /// <summary>Of the newer protocol: counts the changes of members and subscriptions.</summary>
    public int? Epoch { get; init; }

    /// <summary>Of the newer protocol: the epoch that the target assignment was made in.</summary>
    public int? TargetEpoch { get; init; }
}
