using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups.Assignors;

/// <summary>
/// The even share when members subscribe to different topics: keep what is held and still wanted, give what is free to whoever has least, then
/// move single partitions from those with more to those with less until no move evens anything out.
/// </summary>
static class UnequalSubscriptions
{
    public static Dictionary<string, PartitionsByTopic> Assign(AssignmentSpec spec)
    {
        var readers = spec.Topics.Keys.ToDictionary(
            t => t, t => Enumerable.Range(0, spec.Members.Count).Where(i => spec.Members[i].Topics.Contains(t)).ToArray());
        var owners = new Dictionary<(TopicId Topic, int Partition), int>();
        var loads = new int[spec.Members.Count];
        KeepHeld(spec, owners, loads);

        // Topics with the fewest readers first: they leave the least choice.
        var byChoice = spec.Topics.Where(t => readers[t.Key].Length > 0).OrderBy(t => readers[t.Key].Length).ThenBy(t => t.Key.Value).ToArray();
        foreach (var (topic, partitions) in byChoice)
        {
            for (int partition = 0; partition < partitions; partition++)
            {
                if (owners.ContainsKey((topic, partition))) continue;
                int least = LeastLoaded(readers[topic], loads);
                owners.Add((topic, partition), least);
                loads[least]++;
            }
        }
        Even(byChoice, readers, owners, loads);

        var parts = spec.Members.Select(_ => new PartitionsByTopic.Builder()).ToArray();
        foreach (var ((topic, partition), owner) in owners) parts[owner].Add(topic, partition);
        return Enumerable.Range(0, parts.Length).ToDictionary(i => spec.Members[i].Id, i => parts[i].Build());
    }

    static void KeepHeld(AssignmentSpec spec, Dictionary<(TopicId, int), int> owners, int[] loads)
    {
        for (int i = 0; i < spec.Members.Count; i++)
        {
            foreach (var (topic, partitions) in spec.Members[i].Before.Topics)
            {
                if (!spec.Members[i].Topics.Contains(topic)) continue;
                foreach (int partition in partitions)
                {
                    if (partition < spec.Topics[topic] && owners.TryAdd((topic, partition), i)) loads[i]++;
                }
            }
        }
    }

    static int LeastLoaded(int[] readers, int[] loads)
    {
        int least = readers[0];
        foreach (int reader in readers)
        {
            if (loads[reader] < loads[least]) least = reader;
        }
        return least;
    }

    static void Even(
        KeyValuePair<TopicId, int>[] topics, Dictionary<TopicId, int[]> readers, Dictionary<(TopicId, int), int> owners, int[] loads)
    {
        // Each move brings two loads closer together, so this ends; the bound only keeps a mistake from turning for ever.
        for (int round = 0, moved = 1; moved > 0 && round < 100; round++)
        {
            moved = 0;
            foreach (var (topic, partitions) in topics)
            {
                for (int partition = 0; partition < partitions; partition++)
                {
                    int owner = owners[(topic, partition)];
                    int least = LeastLoaded(readers[topic], loads);
                    if (loads[owner] - loads[least] < 2) continue;
                    owners[(topic, partition)] = least;
                    loads[owner]--;
                    loads[least]++;
                    moved++;
                }
            }
        }
    }
}
