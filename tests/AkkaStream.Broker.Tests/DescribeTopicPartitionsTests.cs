using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class DescribeTopicPartitionsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Pages_of_any_size_together_tell_every_partition_once(int limit)
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("b", partitions: 3);
        broker.Create("a", partitions: 2);
        broker.Create("c", partitions: 1);

        var told = new List<string>();
        DescribeTopicPartitionsRequestCursor? cursor = null;
        do
        {
            var page = broker.Ask(new DescribeTopicPartitionsRequest { ResponsePartitionLimit = limit, Cursor = cursor });
            Assert.InRange(page.Topics.Sum(t => t.Partitions.Length), 1, limit);
            told.AddRange(page.Topics.SelectMany(t => t.Partitions.Select(p => $"{t.Name}{p.PartitionIndex}")));
            cursor = page.NextCursor is { } next
                ? new DescribeTopicPartitionsRequestCursor { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex }
                : null;
        }
        while (cursor is not null);

        Assert.Equal(["a0", "a1", "b0", "b1", "b2", "c0"], told);
    }

    [Fact]
    public async Task The_broker_s_own_limit_counts_too()
    {
        await using var broker = await TestBroker.StartAsync(("max.request.partition.size.limit", "2"));
        broker.Create("a", partitions: 5);

        var page = broker.Ask(new DescribeTopicPartitionsRequest());

        Assert.Equal(2, page.Topics[0].Partitions.Length);
        Assert.Equal(("a", 2), (page.NextCursor?.TopicName, page.NextCursor?.PartitionIndex));
    }
}
