using AkkaStream.Cluster.Controller;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Tests.Controller;

public sealed class PlacementTests
{
    static Placement.Candidate Broker(int id, string? rack = null, bool isAlive = true) => new(new BrokerId(id), rack, isAlive);

    static string Layout(ReplicaList[] replicas) => string.Join(' ', replicas.Select(r => $"[{string.Join(',', r.Wire)}]"));

    [Fact]
    public void Six_brokers_in_two_racks_take_ten_partitions_in_turn()
    {
        Placement.Candidate[] brokers = [Broker(0, "R1"), Broker(1, "R1"), Broker(2, "R1"), Broker(3, "R2"), Broker(4, "R2"), Broker(5, "R2")];
        (ReplicaList[] replicas, _) = Placement.Place(brokers, 0, partitions: 10, replicationFactor: 3);
        Assert.Equal("[0,3,1] [3,1,4] [1,4,2] [4,2,5] [2,5,0] [5,0,3] [0,3,1] [3,1,4] [1,4,2] [4,2,5]", Layout(replicas));
        Assert.Equal([4, 6, 5, 5, 6, 4], Enumerable.Range(0, 6).Select(b => replicas.Count(r => r.Contains(new BrokerId(b)))));
    }

    [Fact]
    public void Three_brokers_lead_one_of_three_partitions_each_and_hold_all()
    {
        (ReplicaList[] replicas, _) = Placement.Place([Broker(1), Broker(2), Broker(3)], 0, 3, 3);
        Assert.Equal("[1,2,3] [2,3,1] [3,1,2]", Layout(replicas));
    }

    [Fact]
    public void A_rack_of_its_own_is_taken_before_a_second_broker_of_the_same_rack()
    {
        Placement.Candidate[] brokers = [Broker(1, "a"), Broker(2, "a"), Broker(3, "a"), Broker(4, "b")];
        (ReplicaList[] replicas, _) = Placement.Place(brokers, 0, 4, 2);
        Assert.All(replicas, r => Assert.Contains(4, r.Wire));
    }

    [Fact]
    public void A_broker_that_is_away_holds_replicas_only_where_the_living_do_not_suffice_and_leads_none()
    {
        Placement.Candidate[] brokers = [Broker(1), Broker(2), Broker(3, isAlive: false)];
        Assert.Equal("[1,2] [2,1]", Layout(Placement.Place(brokers, 0, 2, 2).Replicas));
        Assert.Equal("[1,2,3] [2,1,3]", Layout(Placement.Place(brokers, 0, 2, 3).Replicas));
    }

    [Fact]
    public void Too_few_brokers_are_told_with_their_number()
    {
        Assert.StartsWith("The target replication factor of 4 cannot be reached because only 3 broker(s) are registered",
            Placement.Place([Broker(1), Broker(2), Broker(3)], 0, 1, 4).Problem);
        Assert.Equal("All brokers are currently fenced or in controlled shutdown.",
            Placement.Place([Broker(1, isAlive: false)], 0, 1, 1).Problem);
    }

    [Fact]
    public void Random_clusters_are_balanced_and_spread_over_racks()
    {
        for (int seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            int racks = random.Next(1, 5), size = random.Next(1, 5);
            Placement.Candidate[] brokers = [.. Enumerable.Range(0, racks * size).Select(i => Broker(i, $"rack{i % racks}"))];
            int factor = random.Next(1, brokers.Length + 1), partitions = random.Next(1, 40);
            (ReplicaList[] replicas, string? problem) = Placement.Place(brokers, random.Next(100), partitions, factor);

            Assert.True(problem is null, $"seed {seed}");
            Assert.All(replicas, r => Assert.True(r.Wire.Distinct().Count() == factor, $"seed {seed}: {r}"));
            Assert.All(replicas, r => Assert.True(r.Wire.Select(b => b % racks).Distinct().Count() == Math.Min(racks, factor), $"seed {seed}: {r}"));
            int[] leads = [.. brokers.Select(b => replicas.Count(r => r[0] == b.Broker))];
            Assert.True(leads.Max() - leads.Min() <= 1, $"seed {seed}: leaders {string.Join(',', leads)}");
        }
    }

    [Fact]
    public void Topics_created_one_after_the_other_go_on_where_the_last_one_ended()
    {
        TestController controller = new TestController().WithBrokers(1, 2, 3);
        for (int i = 0; i < 9; i++) controller.Create($"t{i}");
        int[] leads = [.. Enumerable.Range(1, 3).Select(b => controller.Image.Topics.All.Count(t => t.Partitions[0].Leader.Value == b))];
        Assert.Equal([3, 3, 3], leads);
    }

    [Fact]
    public void Partitions_added_later_go_on_in_the_topics_own_turn()
    {
        TestController controller = new TestController().WithBrokers(1, 2, 3);
        controller.Create("before");
        controller.Create("t", partitions: 2, factor: 2);
        controller.Ask(new Protocol.Messages.CreatePartitionsRequest
        {
            Topics = [new Protocol.Messages.CreatePartitionsRequestTopic { Name = "t", Count = 4, Assignments = null }],
        });
        Assert.Equal([2, 3, 1, 2], controller.Layout("t").Select(r => r[0]));
    }
}
