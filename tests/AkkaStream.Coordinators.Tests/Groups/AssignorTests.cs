using AkkaStream.Coordinators.Groups.Assignors;
using AkkaStream.TestKit;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class AssignorTests
{
    static readonly TopicId T = new(new Uuid(1, 1)), U = new(new Uuid(1, 2));

    [Fact]
    public void Range_gives_runs_of_neighbours_and_the_same_numbers_in_each_topic()
    {
        var parts = ServerAssignors.Assign("range", Spec([("b", [T, U]), ("a", [T, U])], (T, 3), (U, 3)));
        Assert.Equal([0, 1], parts["a"].Of(T).ToArray());
        Assert.Equal([0, 1], parts["a"].Of(U).ToArray());
        Assert.Equal([2], parts["b"].Of(U).ToArray());
    }

    [Fact]
    public void Uniform_shares_over_all_topics()
    {
        var parts = ServerAssignors.Assign("uniform", Spec([("a", [T, U]), ("b", [T, U])], (T, 3), (U, 3)));
        Assert.Equal((3, 3), (parts["a"].Count, parts["b"].Count));
    }

    [Fact]
    public void Whatever_the_question_every_partition_has_one_owner_who_reads_it_and_shares_are_even() => Seeds.ForEach(300, seed =>
    {
        var random = new Random((int)(seed & int.MaxValue));
        bool same = random.Next(2) == 0;
        var topics = Enumerable.Range(0, random.Next(1, 5)).Select(i => (Id: new TopicId(new Uuid(2, i)), Partitions: random.Next(0, 8))).ToArray();
        var parts = new Dictionary<string, PartitionsByTopic>();
        for (int round = 0; round < 4; round++)
        {
            var spec = RandomSpec(random, topics, same, parts);
            foreach (string assignor in (string[])["uniform", "range"])
            {
                var found = ServerAssignors.Assign(assignor, spec);
                AssertComplete(spec, found);
                if (assignor == "uniform") AssertEven(spec, found, same);
                if (assignor == "uniform") parts = found;
            }
            Assert.Equal(parts, ServerAssignors.Assign("uniform", WithBefore(spec, parts)));
        }
    });

    [Fact]
    public void Uniform_moves_no_more_than_it_must()
    {
        var spec = Spec([("a", [T]), ("b", [T])], (T, 10));
        var two = ServerAssignors.Assign("uniform", spec);
        var three = ServerAssignors.Assign("uniform", WithBefore(Spec([("a", [T]), ("b", [T]), ("c", [T])], (T, 10)), two));
        Assert.True(two["a"].Covers(three["a"]) && two["b"].Covers(three["b"]));
        Assert.Equal(10, three.Values.Sum(p => p.Count));
        Assert.InRange(three["c"].Count, 3, 4);
    }

    static AssignmentSpec RandomSpec(
        Random random, (TopicId Id, int Partitions)[] topics, bool same, Dictionary<string, PartitionsByTopic> before)
    {
        var all = topics.Select(t => t.Id).ToHashSet();
        var members = Enumerable.Range(0, random.Next(1, 7)).Select(i => $"m{random.Next(9)}").Distinct().Select(id => new AssignedMember(
            id, random.Next(3) == 0 ? $"i{id}" : null, same ? all : topics.Where(_ => random.Next(2) == 0).Select(t => t.Id).ToHashSet(),
            before.GetValueOrDefault(id, PartitionsByTopic.Empty))).ToList();
        var read = topics.Where(t => members.Exists(m => m.Topics.Contains(t.Id)));
        return new AssignmentSpec(members, read.ToDictionary(t => t.Id, t => t.Partitions));
    }

    static void AssertComplete(AssignmentSpec spec, Dictionary<string, PartitionsByTopic> parts)
    {
        foreach (var (topic, partitions) in spec.Topics)
        {
            var owned = parts.SelectMany(p => p.Value.Of(topic).ToArray()).Order().ToArray();
            Assert.Equal(Enumerable.Range(0, partitions), owned);
        }
        foreach (var member in spec.Members) Assert.All(parts[member.Id].Topics.Keys, t => Assert.Contains(t, member.Topics));
    }

    /// <summary>Equal subscriptions: nobody has two more than another. Otherwise: nobody could be relieved by somebody who has two less.</summary>
    static void AssertEven(AssignmentSpec spec, Dictionary<string, PartitionsByTopic> parts, bool same)
    {
        if (same) Assert.True(parts.Values.Max(p => p.Count) - parts.Values.Min(p => p.Count) <= 1);
        foreach (var giver in spec.Members)
        {
            foreach (var taker in spec.Members.Where(m => parts[giver.Id].Topics.Keys.Any(m.Topics.Contains)))
                Assert.True(parts[giver.Id].Count - parts[taker.Id].Count <= 1, $"{giver.Id} could give to {taker.Id}");
        }
    }

    static AssignmentSpec WithBefore(AssignmentSpec spec, Dictionary<string, PartitionsByTopic> before) => spec with
    {
        Members = [.. spec.Members.Select(m => m with { Before = before.GetValueOrDefault(m.Id, PartitionsByTopic.Empty) })],
    };

    static AssignmentSpec Spec((string Id, TopicId[] Topics)[] members, params (TopicId Id, int Partitions)[] topics) => new(
        [.. members.Select(m => new AssignedMember(m.Id, null, m.Topics.ToHashSet(), PartitionsByTopic.Empty))],
        topics.ToDictionary(t => t.Id, t => t.Partitions));
}
