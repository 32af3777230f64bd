using System.Text;
using AkkaStream.Client.Settings;
using AkkaStream.Client.Tests.Support;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Client.Tests;

/// <summary>A consumer that assigns partitions to itself, against scripted brokers in virtual time.</summary>
public sealed class ConsumerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static byte[] Batch(int from, int count, long producerId = -1, BatchAttributes attributes = 0, CompressionCodec codec = 0, long timestamp = 1000)
    {
        var builder = new RecordBatchBuilder { ProducerId = producerId, ProducerEpoch = (short)(producerId < 0 ? -1 : 0), Attributes = attributes, Codec = codec };
        for (int i = from; i < from + count; i++) builder.Append(timestamp + i, default, Encoding.UTF8.GetBytes($"{i}"));
        return builder.ToArray();
    }

    static async Task<List<string>> Read(FakeCluster cluster, Consumer consumer, int count)
    {
        var values = new List<string>();
        while (values.Count < count)
        {
            using var records = await cluster.Driver.Run(consumer.PollAsync(Patience));
            if (records.Count == 0) break;
            values.AddRange(records.Select(r => Encoding.UTF8.GetString(r.Value.Span)));
        }
        return values;
    }

    static string[] Numbers(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"{i}")];

    [Fact]
    public async Task All_records_are_read_in_order_whatever_their_batches_and_codecs()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t");
        int next = 0;
        foreach (var codec in Enum.GetValues<CompressionCodec>())
        {
            topic.Partitions[0].Add(Batch(next, 700, codec: codec));
            next += 700;
        }
        await using var consumer = new Consumer(cluster.Consumer);
        consumer.Assign(new TopicPartition("t", 0));

        Assert.Equal(Numbers(0, next), await Read(cluster, consumer, next));
        Assert.Equal(next, consumer.PositionOf(new TopicPartition("t", 0)));
    }

    [Fact]
    public async Task Reading_begins_at_the_offset_that_was_sought_even_within_a_batch()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t").Partitions[0].Add(Batch(0, 100, codec: CompressionCodec.Lz4));
        await using var consumer = new Consumer(cluster.Consumer);
        consumer.Assign(new TopicPartition("t", 0));
        consumer.Seek(new TopicPartition("t", 0), 37);

        Assert.Equal(Numbers(37, 63), await Read(cluster, consumer, 63));

        consumer.Seek(new TopicPartition("t", 0), 99);
        Assert.Equal(["99"], await Read(cluster, consumer, 1));
    }

    [Fact]
    public async Task A_poll_brings_at_most_max_poll_records()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t").Partitions[0].Add(Batch(0, 100));
        await using var consumer = new Consumer(cluster.Consumer with { MaxPollRecords = 30 });
        consumer.Assign(new TopicPartition("t", 0));

        int[] counts = new int[4];
        for (int i = 0; i < counts.Length; i++)
        {
            using var records = await cluster.Driver.Run(consumer.PollAsync(Patience));
            counts[i] = records.Count;
        }

        Assert.Equal([30, 30, 30, 10], counts);
    }

    [Theory]
    [InlineData(OffsetReset.Earliest, 10)]
    [InlineData(OffsetReset.Latest, 50)]
    public async Task An_offset_that_is_out_of_range_goes_where_the_policy_says(OffsetReset policy, long expected)
    {
        var cluster = new FakeCluster();
        var partition = cluster.Topic("t").Partitions[0];
        partition.Add(Batch(0, 10));
        partition.Add(Batch(10, 40));
        partition.StartOffset = 10;
        await using var consumer = new Consumer(cluster.Consumer with { OffsetReset = policy });
        consumer.Assign(new TopicPartition("t", 0));
        consumer.Seek(new TopicPartition("t", 0), 3);

        var poll = cluster.Driver.Run(consumer.PollAsync(TimeSpan.FromSeconds(5)));
        using var records = await poll;

        if (policy == OffsetReset.Earliest) Assert.Equal("10", Encoding.UTF8.GetString(records[0].Value.Span));
        else Assert.Empty(records);
        Assert.True(consumer.PositionOf(new TopicPartition("t", 0)) >= expected);
    }

    [Fact]
    public async Task An_offset_that_is_out_of_range_is_an_error_without_a_policy()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t").Partitions[0].Add(Batch(0, 10));
        await using var consumer = new Consumer(cluster.Consumer with { OffsetReset = OffsetReset.None });
        consumer.Assign(new TopicPartition("t", 0));
        consumer.Seek(new TopicPartition("t", 0), 300);

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(consumer.PollAsync(Patience)));

        Assert.Equal(ErrorCode.OffsetOutOfRange, error.Error);
        Assert.Contains("300", error.Message);
    }

    [Fact]
    public async Task Without_a_policy_and_without_a_position_the_first_poll_fails()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t");
        await using var consumer = new Consumer(cluster.Consumer with { OffsetReset = OffsetReset.None });
        consumer.Assign(new TopicPartition("t", 0));

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(consumer.PollAsync(Patience)));

        Assert.Contains("Undefined offset with no reset policy for partitions: [t-0]", error.Message);
    }

    [Fact]
    public async Task Read_committed_leaves_out_aborted_records_and_markers_and_stops_at_the_last_stable_offset()
    {
        var cluster = new FakeCluster();
        var partition = cluster.Topic("t").Partitions[0];
        partition.Add(Batch(0, 2, producerId: 5, attributes: BatchAttributes.Transactional)); // 0 1, aborted
        partition.Add(Batch(2, 2, producerId: 6, attributes: BatchAttributes.Transactional)); // 2 3, committed
        partition.Add(ControlRecords.BuildEndTransaction(false, 5, 0, 0, 1)); // 4
        partition.Add(ControlRecords.BuildEndTransaction(true, 6, 0, 0, 1)); // 5
        partition.Add(Batch(6, 2, producerId: 5, attributes: BatchAttributes.Transactional)); // 6 7, committed
        partition.Add(ControlRecords.BuildEndTransaction(true, 5, 0, 0, 1)); // 8
        partition.Add(Batch(9, 1)); // 9
        partition.Add(Batch(10, 1, producerId: 6, attributes: BatchAttributes.Transactional)); // 10, open
        partition.Aborted.Add(new FetchResponseAbortedTransaction { ProducerId = 5, FirstOffset = 0 });
        partition.StableOffset = 10;

        await using var committed = new Consumer(cluster.Consumer with { Isolation = IsolationLevel.ReadCommitted });
        committed.Assign(new TopicPartition("t", 0));
        Assert.Equal(["2", "3", "6", "7", "9"], await Read(cluster, committed, 5));
        Assert.Equal(10, committed.PositionOf(new TopicPartition("t", 0)));
        Assert.Equal(10, committed.KnownEndOf(new TopicPartition("t", 0)));

        await using var all = new Consumer(cluster.Consumer);
        all.Assign(new TopicPartition("t", 0));
        Assert.Equal(["0", "1", "2", "3", "6", "7", "9", "10"], await Read(cluster, all, 8));
    }

    [Fact]
    public async Task A_damaged_batch_is_an_error_that_names_it_and_seeking_past_it_goes_on()
    {
        var cluster = new FakeCluster();
        var partition = cluster.Topic("t").Partitions[0];
        partition.Add(Batch(0, 5));
        byte[] damaged = Batch(5, 5);
        damaged[^3] ^= 1;
        partition.Add(damaged);
        partition.Add(Batch(10, 5));
        await using var consumer = new Consumer(cluster.Consumer);
        consumer.Assign(new TopicPartition("t", 0));
        Assert.Equal(Numbers(0, 5), await Read(cluster, consumer, 5));

        var error = await Assert.ThrowsAsync<KafkaException>(() => cluster.Driver.Run(consumer.PollAsync(Patience)));

        Assert.Equal(ErrorCode.CorruptMessage, error.Error);
        Assert.Contains("offset 5 of t-0", error.Message);
        consumer.Seek(new TopicPartition("t", 0), 10);
        Assert.Equal(Numbers(10, 5), await Read(cluster, consumer, 5));
    }

    [Fact]
    public async Task A_paused_partition_brings_nothing_until_it_is_resumed()
    {
        var cluster = new FakeCluster();
        var topic = cluster.Topic("t", 2);
        topic.Partitions[0].Add(Batch(0, 5));
        topic.Partitions[1].Add(Batch(100, 5));
        await using var consumer = new Consumer(cluster.Consumer);
        consumer.Assign(new TopicPartition("t", 0), new TopicPartition("t", 1));
        consumer.Pause(new TopicPartition("t", 0));

        Assert.Equal(Numbers(100, 5), await Read(cluster, consumer, 10));
        consumer.Resume(new TopicPartition("t", 0));
        Assert.Equal(Numbers(0, 5), await Read(cluster, consumer, 5));
    }

    [Fact]
    public async Task Reading_goes_on_at_a_new_leader()
    {
        var cluster = new FakeCluster(brokers: 2);
        var partition = cluster.Topic("t").Partitions[0];
        partition.Add(Batch(0, 5));
        await using var consumer = new Consumer(cluster.Consumer);
        consumer.Assign(new TopicPartition("t", 0));
        Assert.Equal(Numbers(0, 5), await Read(cluster, consumer, 5));
        partition.Leader = 2;
        partition.Epoch = 1;
        partition.Add(Batch(5, 5));

        Assert.Equal(Numbers(5, 5), await Read(cluster, consumer, 5));
    }

    [Fact]
    public async Task Offsets_are_found_by_time_and_at_both_ends()
    {
        var cluster = new FakeCluster();
        var partition = cluster.Topic("t").Partitions[0];
        partition.Add(Batch(0, 10, timestamp: 1000));
        var tp = new TopicPartition("t", 0);
        await using var consumer = new Consumer(cluster.Consumer);

        var byTime = await cluster.Driver.Run(consumer.OffsetsForTimesAsync(new Dictionary<TopicPartition, long> { [tp] = 1004 }));
        var none = await cluster.Driver.Run(consumer.OffsetsForTimesAsync(new Dictionary<TopicPartition, long> { [tp] = 9999 }));
        var begin = await cluster.Driver.Run(consumer.BeginningOffsetsAsync([tp]));
        var end = await cluster.Driver.Run(consumer.EndOffsetsAsync([tp]));

        Assert.Equal(4, byTime[tp]?.Offset);
        Assert.Null(none[tp]);
        Assert.Equal((0L, 10L), (begin[tp], end[tp]));
    }

    [Fact]
    public async Task Two_threads_at_once_are_refused()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t");
        await using var consumer = new Consumer(cluster.Consumer);
        consumer.Assign(new TopicPartition("t", 0));
        var poll = consumer.PollAsync(TimeSpan.FromSeconds(1)).AsTask();

        Assert.Throws<InvalidOperationException>(() => consumer.Pause(new TopicPartition("t", 0)));
        await cluster.Driver.Run(poll);
    }
}
