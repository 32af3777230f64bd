using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups.Assignors;

/// <summary>
/// Topic by topic, each member gets a run of neighbouring partitions; the first ones get one more where it does not divide. Members with the same
/// subscription get the same numbers in every topic with as many partitions, so that topics can be joined by key.
/// </summary>
static class RangeAssignor
{
    public static Dictionary<string, PartitionsByTopic> Assign(AssignmentSpec spec)
    {
        var parts = spec.Members.ToDictionary(m => m.Id, _ => new PartitionsByTopic.Builder());
        // Static members first, by the name that stays.
        var ordered = spec.Members
            .OrderBy(m => m.InstanceId is null).ThenBy(m => m.InstanceId ?? m.Id, StringComparer.Ordinal).ToArray();
        foreach (var (topic, partitions) in spec.Topics)
        {
            var readers = Array.FindAll(ordered, m => m.Topics.Contains(topic));
            if (readers.Length > 0) Share(topic, partitions, readers, parts);
        }
        return parts.ToDictionary(p => p.Key, p => p.Value.Build());
    }

    static void Share(TopicId topic, int partitions, AssignedMember[] readers, Dictionary<string, PartitionsByTopic.Builder> parts)
    {
        int each = partitions / readers.Length, extra = partitions % readers.Length, next = 0;
        for (int i = 0; i < readers.Length; i++)
        {
            int count = each + (i < extra ? 1 : 0);
            for (int j = 0; j < count; j++) parts[readers[i].Id].Add(topic, next++);
        }
    }
}
