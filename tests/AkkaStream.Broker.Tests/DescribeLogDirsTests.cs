using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class DescribeLogDirsTests
{
    [Fact]
    public async Task Whoever_names_nothing_is_told_of_all_partitions()
    {
        await using var broker = await StartAsync();

        Assert.Equal([("a", 0), ("a", 1), ("a", 2), ("b", 0)], Told(broker, null));
    }

    [Fact]
    public async Task Only_partitions_that_are_asked_for_and_there_are_told()
    {
        await using var broker = await StartAsync();

        Assert.Equal([("a", 0), ("a", 2)], Told(broker,
        [
            new DescribeLogDirsRequestTopic { Topic = "a", Partitions = [2, 0, 7] },
            new DescribeLogDirsRequestTopic { Topic = "nowhere", Partitions = [0] },
        ]));
        Assert.Empty(Told(broker, []));
    }

    static async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        broker.Create("a", partitions: 3);
        broker.Create("b");
        return broker;
    }

    static IEnumerable<(string, int)> Told(TestBroker broker, DescribeLogDirsRequestTopic[]? topics) =>
        broker.Ask(new DescribeLogDirsRequest { Topics = topics }).Results
            .SelectMany(d => d.Topics)
            .SelectMany(t => t.Partitions.Select(p => (t.Name, p.PartitionIndex)))
            .Order();
}
