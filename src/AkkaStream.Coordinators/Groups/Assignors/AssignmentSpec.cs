using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups.Assignors;

/// <summary>One member as an assignor sees it.</summary>
/// <param name="Id">Member id.</param>
/// <param name="InstanceId">Of a static member; keeps its place in the order over restarts.</param>
/// <param name="Topics">What it subscribes to, as far as it exists.</param>
/// <param name="Before">Its part of the assignment so far.</param>
public sealed record AssignedMember(string Id, string? InstanceId, IReadOnlySet<TopicId> Topics, PartitionsByTopic Before);

/// <summary>What is to be shared out, and among whom.</summary>
/// <param name="Members">In any order; the outcome depends on it only where nothing else decides.</param>
/// <param name="Topics">All topics that any member subscribes to, with their numbers of partitions.</param>
public sealed record AssignmentSpec(IReadOnlyList<AssignedMember> Members, IReadOnlyDictionary<TopicId, int> Topics)
{
    public bool AllSubscribeTheSame => Members.All(m => ReferenceEquals(m.Topics, Members[0].Topics) || m.Topics.SetEquals(Members[0].Topics));
}

/// <summary>The assignors that brokers offer (group.consumer.assignors). Deterministic: the same question gets the same answer.</summary>
public static class ServerAssignors
{
    public const string Uniform = "uniform", Range = "range";

    public static bool Exists(string name) => name is Uniform or Range;

    public static Dictionary<string, PartitionsByTopic> Assign(string name, AssignmentSpec spec) => name switch
    {
        _ when spec.Members.Count == 0 => [],
        Range => RangeAssignor.Assign(spec),
        _ => UniformAssignor.Assign(spec),
    };
}
