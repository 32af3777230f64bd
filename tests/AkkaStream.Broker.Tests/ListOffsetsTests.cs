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

    [Fact]
    public async Task A_partition_that_is_named_twice_is_refused_and_told_once_in_whatever_order_it_stands()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", partitions: 3);

        Assert.Equal([(0, ErrorCode.None), (1, ErrorCode.InvalidRequest)], Errors(Ask(broker, (0, -1), (1, -1), (1, -1))));
        Assert.Equal([(2, ErrorCode.InvalidRequest), (0, ErrorCode.None)], Errors(Ask(broker, (2, -1), (0, -1), (2, -1))));
        Assert.Equal([(2, ErrorCode.None), (0, ErrorCode.None)], Errors(Ask(broker, (2, -1), (0, -1))));
    }

    [Fact]
    public async Task A_partition_that_two_topics_of_one_name_hold_is_named_twice()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", partitions: 2);
        ListOffsetsRequestTopic Topic(params int[] partitions) => new()
        {
            Name = "t",
            Partitions = [.. partitions.Select(p => new ListOffsetsRequestPartition { PartitionIndex = p, Timestamp = -1 })],
        };

        var answer = broker.Ask(new ListOffsetsRequest { ReplicaId = -1, Topics = [Topic(0, 1), Topic(1)] });

        Assert.Equal([(0, ErrorCode.None), (1, ErrorCode.InvalidRequest)], Errors([.. answer.Topics.SelectMany(t => t.Partitions)]));
    }

    static IEnumerable<(int, ErrorCode)> Errors(ListOffsetsResponsePartition[] told) => told.Select(p => (p.PartitionIndex, p.ErrorCode));

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
