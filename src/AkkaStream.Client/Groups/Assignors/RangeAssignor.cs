namespace AkkaStream.Client.Groups.Assignors;

/// <summary>Topic by topic, a stretch of neighbouring partitions for each member; the first ones get one more where it does not divide.</summary>
static class RangeAssignor
{
    public static Dictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<GroupMemberView> members, IReadOnlyDictionary<string, int> partitionsOfTopics)
    {
        var result = members.ToDictionary(m => m.Id, _ => new List<TopicPartition>());
        foreach (string topic in partitionsOfTopics.Keys.Order(StringComparer.Ordinal))
        {
            GroupMemberView[] readers = [.. members.Where(m => m.Topics.Contains(topic)).Order()];
            int partitions = partitionsOfTopics[topic], next = 0;
            for (int i = 0; i < readers.Length; i++)
            {
                int count = (partitions / readers.Length) + (i < partitions % readers.Length ? 1 : 0);
                for (; count > 0; count--) result[readers[i].Id].Add(new TopicPartition(topic, next++));
            }
        }
        return result;
    }
}
