namespace AkkaStream.Client.Groups.Assignors;

/// <summary>Partitions by member id. Pure: the same members and topics give the same assignment.</summary>
delegate Dictionary<string, List<TopicPartition>> Assign(IReadOnlyList<GroupMemberView> members, IReadOnlyDictionary<string, int> partitionsOfTopics);

/// <summary>One way of sharing partitions out, by Kafka's name.</summary>
/// <param name="Name">As it is told to the other members.</param>
/// <param name="IsCooperative">Members keep what they have during a rebalance, and only give up what moves.</param>
/// <param name="Assign">The sharing itself.</param>
sealed record Assignor(string Name, bool IsCooperative, Assign Assign)
{
    static readonly Assignor[] Known =
    [
        new("range", false, RangeAssignor.Assign),
        new("roundrobin", false, RoundRobinAssignor.Assign),
        new("sticky", false, StickyAssignor.Assign),
        new("cooperative-sticky", true, StickyAssignor.AssignCooperatively),
    ];

    public static Assignor Of(string name) => Array.Find(Known, a => a.Name == name)
        ?? throw new KafkaConfigException("partition.assignment.strategy",
            $"there is no assignor {name}: range, roundrobin, sticky and cooperative-sticky are known.");
}
