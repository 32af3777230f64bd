namespace AkkaStream.Client.Groups.Assignors;

/// <summary>A member of a group as the one that assigns sees it.</summary>
/// <param name="Id">The member id.</param>
/// <param name="InstanceId">Of a static member; null for others.</param>
/// <param name="Topics">What it subscribes to.</param>
/// <param name="Owned">What it had before, as far as it tells.</param>
/// <param name="Generation">The generation it had that in; -1 when it does not tell.</param>
sealed record GroupMemberView(
    string Id, string? InstanceId, IReadOnlyCollection<string> Topics, IReadOnlyCollection<TopicPartition> Owned, int Generation)
    : IComparable<GroupMemberView>
{
    /// <summary>Kafka's order: static members by their instance first, so that they keep their place over restarts.</summary>
    public int CompareTo(GroupMemberView? other)
    {
        if (other is null) return 1;
        if (InstanceId is not null && other.InstanceId is not null) return string.CompareOrdinal(InstanceId, other.InstanceId);
        if (InstanceId is not null) return -1;
        return other.InstanceId is not null ? 1 : string.CompareOrdinal(Id, other.Id);
    }
}
