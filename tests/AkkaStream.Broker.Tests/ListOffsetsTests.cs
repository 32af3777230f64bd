using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class ListOffsetsTests
{
    [Fact]
    public async Task Every_time_that_is_asked_for_is_answered_for_its_own_partition()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", partitions: 2);
        broker.Produce("t", TestBroker.Batch(records: 5, timestamp: 1_000));

        var answer = Ask(broker, (0, -1), (1, -1));

        Assert.Equal([(0, 5L), (1, 0L)], answer.Select(p => (p.PartitionIndex, p.Offset)));
        Assert.Equal((3L, 1_003L), Only(broker, 1_003));
        Assert.Equal((4L, 1_004L), Only(broker, -3));
        Assert.Equal((-1L, -1L), Only(broker, 1_005));
    }

    static (long, long) Only(TestBroker broker, long timestamp)
    {
        var found = Ask(broker, (0, timestamp))[0];
        return (found.Offset, found.Timestamp);
    }

    static ListOffsetsResponsePartition[] Ask(TestBroker broker, params (int Partition, long Timestamp)[] asked) =>
        broker.Ask(new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics =
            [
                new ListOffsetsRequestTopic
                {
                    Name = "t",
                    Partitions = [.. asked.Select(a => new ListOffsetsRequestPartition { PartitionIndex = a.Partition, Timestamp = a.Timestamp })],
                },
            ],
        }).Topics[0].Partitions;
}
