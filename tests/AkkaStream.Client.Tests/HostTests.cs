using System.Text;
using AkkaStream.Client.Administration;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Server;

namespace AkkaStream.Client.Tests;

/// <summary>The client against a broker in this process.</summary>
public sealed class HostTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    AkkaStreamHost _host = null!;

    public async Task InitializeAsync() => _host = await AkkaStreamHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    async Task CreateTopic(string name, int partitions)
    {
        await using var admin = new Admin(AdminSettings.For(_host.BootstrapServers));
        (await admin.CreateTopicsAsync([new NewTopic(name, partitions, 1)]))[name].Get();
    }

    async Task<List<ConsumerRecord>> ReadAll(string topic, int partitions, int count)
    {
        await using var consumer = new Consumer(ConsumerSettings.For(_host.BootstrapServers));
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p)));
        foreach (var p in consumer.Assignment) consumer.Seek(p, 0);
        var all = new List<ConsumerRecord>();
        while (all.Count < count)
        {
            using var records = await consumer.PollAsync(Patience);
            Assert.NotEmpty(records);
            all.AddRange(records.Select(r => r.Copy()));
        }
        return all;
    }

    [Theory]
    [InlineData(CompressionCodec.None)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public async Task What_is_produced_is_consumed_with_keys_headers_nulls_and_timestamps(CompressionCodec codec)
    {
        const int count = 2_000, partitions = 3;
        await CreateTopic("t", partitions);
        await using var producer = new Producer(ProducerSettings.For(_host.BootstrapServers) with { Compression = codec });
        var sent = new List<Task<Delivery>>();
        for (int i = 0; i < count; i++)
        {
            sent.Add(producer.SendAsync(new ProducerRecord("t")
            {
                Key = i % 5 == 0 ? null : Encoding.UTF8.GetBytes($"key-{i % 100}"),
                Value = i % 7 == 0 ? null : Encoding.UTF8.GetBytes($"value-{i}"),
                Timestamp = 1_700_000_000_000 + i,
                Headers = [new RecordHeader("n", BitConverter.GetBytes(i)), new RecordHeader("null", RecordBytes.Null)],
            }));
        }
        var deliveries = await Task.WhenAll(sent);

        var records = await ReadAll("t", partitions, count);

        Assert.Equal(count, records.Count);
        foreach (var record in records)
        {
            int i = BitConverter.ToInt32(record.ReadHeaders()[0].Value.Span);
            Assert.Equal(i % 5 == 0 ? null : $"key-{i % 100}", Text(record.Key));
            Assert.Equal(i % 7 == 0 ? null : $"value-{i}", Text(record.Value));
            Assert.Equal(1_700_000_000_000 + i, record.Timestamp);
            Assert.True(record.ReadHeaders()[1].Value.IsNull);
            Assert.Equal((deliveries[i].Partition, deliveries[i].Offset), (record.Partition, record.Offset));
            if (record.Key.HasValue) Assert.Equal(Partitioning.PartitionOf(record.Key.Span, partitions), record.Partition);
        }
    }

    static string? Text(RecordBytes bytes) => bytes.ToText();

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Every_kind_of_confirmation_works_from_one_byte_to_a_megabyte(Acks acks)
    {
        await CreateTopic("t", 1);
        await using var producer = new Producer(ProducerSettings.For(_host.BootstrapServers) with { Acks = acks, Idempotence = false });
        int[] sizes = [1, 100, 16_000, 100_000, 900_000];
        foreach (int size in sizes)
        {
            var value = new byte[size];
            new Random(size).NextBytes(value);
            await producer.SendAsync(new ProducerRecord("t", default, value));
        }

        var records = await ReadAll("t", 1, sizes.Length);

        Assert.Equal(sizes, records.Select(r => r.ValueLength));
        foreach (var record in records)
        {
            var value = new byte[record.ValueLength];
            new Random(value.Length).NextBytes(value);
            Assert.True(value.AsSpan().SequenceEqual(record.Value.Span));
        }
    }

    [Fact]
    public async Task Topics_are_created_listed_described_grown_and_deleted()
    {
        await using var admin = new Admin(AdminSettings.For(_host.BootstrapServers));
        var created = await admin.CreateTopicsAsync([new NewTopic("a", 3, 1), new NewTopic("b", 1, 1), new NewTopic("bad name", 1, 1)]);
        Assert.Equal(3, created["a"].Get().Partitions);
        Assert.Equal(ErrorCode.InvalidTopicException, created["bad name"].Error?.Error);
        Assert.Equal(ErrorCode.TopicAlreadyExists, (await admin.CreateTopicsAsync([new NewTopic("a", 3, 1)]))["a"].Error?.Error);

        Assert.Equal(["a", "b"], (await admin.ListTopicsAsync()).Select(t => t.Name));
        var described = await admin.DescribeTopicsAsync(["a", "nowhere"]);
        Assert.Equal(3, described["a"].Get().Partitions.Count);
        Assert.Equal(created["a"].Get().Id, described["a"].Get().Id);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, described["nowhere"].Error?.Error);

        (await admin.CreatePartitionsAsync(new Dictionary<string, (int, IReadOnlyList<IReadOnlyList<int>>?)> { ["a"] = (5, null) }))["a"].Get();
        Assert.Equal(5, (await admin.DescribeTopicsAsync(["a"]))["a"].Get().Partitions.Count);
        (await admin.DeleteTopicsAsync(["a"]))["a"].Get();
        Assert.Equal(["b"], (await admin.ListTopicsAsync()).Select(t => t.Name));
    }

    [Fact]
    public async Task Many_producers_and_a_consumer_that_runs_along_see_every_record_once()
    {
        const int producers = 4, each = 5_000, partitions = 4;
        await CreateTopic("t", partitions);
        var reading = ReadAll("t", partitions, producers * each);
        await Task.WhenAll(Enumerable.Range(0, producers).Select(async p =>
        {
            await using var producer = new Producer(ProducerSettings.For(_host.BootstrapServers));
            for (int i = 0; i < each; i++) await producer.EnqueueAsync(new ProducerRecord("t", default, Encoding.UTF8.GetBytes($"{p}-{i}")) { Partition = p });
            await producer.FlushAsync();
        }));

        var records = await reading;

        for (int p = 0; p < producers; p++)
            Assert.Equal(Enumerable.Range(0, each).Select(i => $"{p}-{i}"), records.Where(r => r.Partition == p).Select(r => Text(r.Value)));
    }
}
