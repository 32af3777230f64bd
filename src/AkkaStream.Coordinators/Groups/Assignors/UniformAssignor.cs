using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups.Assignors;

/// <summary>
/// Shares all partitions evenly, whatever topic they are of, and moves as few as it can. Where all members subscribe to the same, nobody gets two
/// more than another; otherwise as evenly as the subscriptions allow.
/// </summary>
static class UniformAssignor
{
    public static Dictionary<string, PartitionsByTopic> Assign(AssignmentSpec spec) =>
        spec.AllSubscribeTheSame ? AssignEqually(spec) : UnequalSubscriptions.Assign(spec);

    static Dictionary<string, PartitionsByTopic> AssignEqually(AssignmentSpec spec)
    {
        int total = 0;
        foreach (var topic in spec.Members[0].Topics) total += spec.Topics[topic];
        int quota = total / spec.Members.Count, extra = total % spec.Members.Count;
        var parts = spec.Members.ToDictionary(m => m.Id, _ => new PartitionsByTopic.Builder());
        var room = new int[spec.Members.Count];
        var taken = new HashSet<(TopicId, int)>();

        // Those who have one more than their share may keep it, as long as there are such to give.
        for (int i = 0; i < room.Length; i++)
        {
            var member = spec.Members[i];
            int had = CountKept(member, spec);
            bool keepsExtra = had > quota && extra > 0;
            if (keepsExtra) extra--;
            room[i] = quota + (keepsExtra ? 1 : 0);
            room[i] -= Keep(member, spec, room[i], parts[member.Id], taken);
        }
        for (int i = 0; i < room.Length && extra > 0; i++)
        {
            if (CountKept(spec.Members[i], spec) > quota) continue;
            room[i]++;
            extra--;
        }
        int to = 0;
        foreach (var topic in spec.Members[0].Topics)
        {
            for (int partition = 0; partition < spec.Topics[topic]; partition++)
            {
                if (taken.Contains((topic, partition))) continue;
                while (room[to] == 0) to++;
                parts[spec.Members[to].Id].Add(topic, partition);
                room[to]--;
            }
        }
        return parts.ToDictionary(p => p.Key, p => p.Value.Build());
    }

    static int CountKept(AssignedMember member, AssignmentSpec spec)
    {
        int count = 0;
        foreach (var (topic, partitions) in member.Before.Topics)
        {
            if (!member.Topics.Contains(topic)) continue;
            foreach (int partition in partitions)
            {
                if (partition < spec.Topics[topic]) count++;
            }
        }
        return count;
    }

    static int Keep(AssignedMember member, AssignmentSpec spec, int most, PartitionsByTopic.Builder part, HashSet<(TopicId, int)> taken)
    {
        int kept = 0;
        foreach (var (topic, partitions) in member.Before.Topics)
        {
            if (!member.Topics.Contains(topic)) continue;
            foreach (int partition in partitions)
            {
                if (kept == most) return kept;
                if (partition >= spec.Topics[topic] || !taken.Add((topic, partition))) continue;
                part.Add(topic, partition);
                kept++;
            }
        }
        return kept;
    }
}
