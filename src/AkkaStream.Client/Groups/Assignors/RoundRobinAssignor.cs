namespace AkkaStream.Client.Groups.Assignors;

/// <summary>All partitions of all topics in their order, dealt out like cards to those who read the topic.</summary>
static class RoundRobinAssignor
{
    public static Dictionary<string, List<TopicPartition>> Assign(
        IReadOnlyList<GroupMemberView> members, IReadOnlyDictionary<string, int> partitionsOfTopics)
    {
        var result = members.ToDictionary(m => m.Id, _ => new List<TopicPartition>());
        GroupMemberView[] order = [.. members.Order()];
        int next = 0;
        foreach (string topic in partitionsOfTopics.Keys.Order(StringComparer.Ordinal))
        {
            if (!Array.Exists(order, m => m.Topics.Contains(topic))) continue;
            for (int p = 0; p < partitionsOfTopics[topic]; p++)
            {
                while (!order[next % order.Length].Topics.Contains(topic)) next++;
                result[order[next++ % order.Length].Id].Add(new TopicPartition(topic, p));
            }
        }
        return result;
    }
}
