using AkkaStream.Coordinators;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.TestKit;

namespace AkkaStream.Broker.Tests;

public sealed class CoordinatorTests
{
    [Fact]
    public void Keys_belong_to_the_partitions_that_Kafka_puts_them_on()
    {
        var ids = GoldenFiles.Lines("partitioner.jsonl").Where(l => l.GetProperty("kind").GetString() == "id").ToList();

        Assert.Equal(100, ids.Count);
        Assert.All(ids, l => Assert.Equal(
            l.GetProperty("partitionOf50").GetInt32(), CoordinatorKeys.PartitionOf(l.GetProperty("id").GetString()!, 50)));
    }

    [Fact]
    public async Task The_first_question_for_a_coordinator_is_answered_with_its_address()
    {
        await using var broker = await TestBroker.StartAsync();

        var answer = broker.Ask(new FindCoordinatorRequest { CoordinatorKeys = ["a", "b"] });

        Assert.All(answer.Coordinators, c => Assert.Equal((ErrorCode.None, 1, "127.0.0.1"), (c.ErrorCode, c.NodeId, c.Host)));
        Assert.Equal(50, broker.Describe("__consumer_offsets").Partitions.Length);
    }

    [Fact]
    public async Task More_replicas_than_brokers_are_waited_for_and_never_silently_fewer()
    {
        await using var broker = await TestBroker.StartAsync(("offsets.topic.replication.factor", "3"));

        var answer = broker.Ask(new FindCoordinatorRequest { CoordinatorKeys = ["a"] });

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, answer.Coordinators[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, broker.Describe("__consumer_offsets").ErrorCode);
    }
}
