using AkkaStream.Client.Groups.Assignors;
using AkkaStream.TestKit;

namespace AkkaStream.Client.Tests;

public sealed class AssignorTests
{
    static GroupMemberView Member(string id, string topics, string owned = "", int generation = 1) => new(
        id, null, topics.Split(' '), [.. owned.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)], generation);

    static TopicPartition Parse(string text) => new(text[..^1], text[^1] - '0');

    static string Text(Dictionary<string, List<TopicPartition>> assignment) => string.Join(" | ", assignment.OrderBy(a => a.Key, StringComparer.Ordinal)
        .Select(a => $"{a.Key}: {string.Join(' ', a.Value.Order().Select(p => $"{p.Topic}{p.Partition}"))}"));

    static string Share(string assignor, string topics, params GroupMemberView[] members) => Text(Assignor.Of(assignor).Assign(
        members, topics.Split(' ').ToDictionary(t => t[..^1], t => t[^1] - '0')));

    [Fact]
    public void Range_gives_neighbours_topic_by_topic_and_the_first_members_one_more() =>
        Assert.Equal("a: x0 x1 y0 | b: x2 y1", Share("range", "x3 y2", Member("a", "x y"), Member("b", "x y")));

    [Fact]
    public void Range_gives_only_to_those_who_read_the_topic() =>
        Assert.Equal("a: x0 x1 | b: y0", Share("range", "x2 y1", Member("a", "x"), Member("b", "y")));

    [Fact]
    public void Round_robin_deals_all_partitions_in_turn() =>
        Assert.Equal("a: x0 x2 y1 | b: x1 y0 y2", Share("roundrobin", "x3 y3", Member("a", "x y"), Member("b", "x y")));

    [Fact]
    public void Round_robin_skips_those_who_do_not_read_the_topic() =>
        Assert.Equal("a: x0 | b: y0 | c: y1 z0", Share("roundrobin", "x1 y2 z1", Member("a", "x"), Member("b", "x y"), Member("c", "x y z")));

    [Fact]
    public void Sticky_leaves_what_may_stay_and_moves_what_must() =>
        Assert.Equal("a: x0 x1 | b: x2 x3 | c: x4", Share("sticky", "x5", Member("a", "x", "x0 x1 x4"), Member("b", "x", "x2 x3"), Member("c", "x")));

    [Fact]
    public void A_partition_that_two_claim_goes_to_the_one_of_the_later_generation() =>
        Assert.Equal("a: x0 | b: x1", Share("sticky", "x2", Member("a", "x", "x0 x1", 4), Member("b", "x", "x1", 5)));

    [Fact]
    public void Cooperatively_a_partition_waits_for_its_old_owner_to_give_it_up()
    {
        Assert.Equal("a: x0 | b: ", Share("cooperative-sticky", "x2", Member("a", "x", "x0 x1"), Member("b", "x")));
        Assert.Equal("a: x0 | b: x1", Share("cooperative-sticky", "x2", Member("a", "x", "x0", 2), Member("b", "x", "", 2)));
    }

    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    public void Every_partition_has_exactly_one_owner_who_reads_its_topic(string assignor) => Seeds.ForEach(200, seed =>
    {
        var (members, topics) = RandomGroup(seed);
        var assignment = Assignor.Of(assignor).Assign(members, topics);
        var expected = topics.Where(t => members.Any(m => m.Topics.Contains(t.Key)))
            .SelectMany(t => Enumerable.Range(0, t.Value).Select(p => new TopicPartition(t.Key, p)));
        Assert.Equal(expected.Order(), assignment.Values.SelectMany(p => p).Order());
        foreach (var m in members) Assert.All(assignment[m.Id], p => Assert.Contains(p.Topic, m.Topics));
    });

    [Fact]
    public void Sticky_is_even_where_all_read_the_same_and_moves_nothing_that_is_even_already() => Seeds.ForEach(200, seed =>
    {
        var random = Seeds.Random(seed);
        int count = random.Next(1, 7);
        var topics = Enumerable.Range(0, random.Next(1, 4)).ToDictionary(t => $"t{t}", _ => random.Next(1, 12));
        GroupMemberView[] members = [.. Enumerable.Range(0, count).Select(i => new GroupMemberView($"m{i}", null, topics.Keys, [], -1))];
        var first = Assignor.Of("sticky").Assign(members, topics);
        Assert.True(first.Values.Max(p => p.Count) - first.Values.Min(p => p.Count) <= 1);

        var again = Assignor.Of("cooperative-sticky").Assign([.. members.Select(m => m with { Owned = first[m.Id], Generation = 1 })], topics);
        Assert.Equal(Text(first), Text(again));

        // One more comes: cooperatively everybody only loses, and after the second round it is even again.
        GroupMemberView[] more = [.. members.Select(m => m with { Owned = first[m.Id], Generation = 1 }), new("new", null, topics.Keys, [], -1)];
        var giving = Assignor.Of("cooperative-sticky").Assign(more, topics);
        foreach (var m in members) Assert.Subset(first[m.Id].ToHashSet(), giving[m.Id].ToHashSet());
        var final = Assignor.Of("cooperative-sticky").Assign([.. more.Select(m => m with { Owned = giving[m.Id], Generation = 2 })], topics);
        Assert.Equal(topics.Values.Sum(), final.Values.Sum(p => p.Count));
        Assert.True(final.Values.Max(p => p.Count) - final.Values.Min(p => p.Count) <= 1);
    });

    static (GroupMemberView[] Members, Dictionary<string, int> Topics) RandomGroup(long seed)
    {
        var random = Seeds.Random(seed);
        var topics = Enumerable.Range(0, random.Next(1, 5)).ToDictionary(t => $"t{t}", _ => random.Next(1, 9));
        string[] names = [.. topics.Keys];
        GroupMemberView[] members =
        [
            .. Enumerable.Range(0, random.Next(1, 7)).Select(i => new GroupMemberView(
                $"m{i}", random.Next(3) == 0 ? $"i{i}" : null, [.. names.Where((_, t) => t == i % names.Length || random.Next(2) == 0)],
                [.. Enumerable.Range(0, random.Next(6)).Select(_ => new TopicPartition(names[random.Next(names.Length)], random.Next(9))).Distinct()],
                random.Next(-1, 4))),
        ];
        return (members, topics);
    }
}
