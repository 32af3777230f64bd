using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Client.Settings;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Conformance.Clients;

/// <summary>Our own client, held to what the others are held to.</summary>
sealed class OwnClient(string servers) : IKafkaClient
{
    const int Patience = 30;

    readonly Admin _admin = new(AdminSettings.For(servers));

    public string Name => "AkkaStream.Client";
    public IReadOnlySet<string> Codecs { get; } = new HashSet<string> { "none", "gzip", "snappy", "lz4", "zstd" };
    public IReadOnlySet<string> Can { get; } = new HashSet<string>
    {
        "produce", "consume", "offset", "topics", "create", "grow", "delete", "describe", "alter", "idempotent",
    };

    public Task<IReadOnlyList<Placed>> ProduceAsync(string topic, IReadOnlyList<ClientRecord> records, ProduceWith with) => RefusedAsync<IReadOnlyList<Placed>>(async () =>
    {
        await using var producer = new Producer(ProducerSettings.For(servers) with
        {
            Acks = (Acks)with.Acks, Compression = Enum.Parse<CompressionCodec>(with.Codec, ignoreCase: true), Idempotence = with.IsIdempotent,
            MaxRequestBytes = 20_000_000, DeliveryTimeout = TimeSpan.FromSeconds(Patience), MaxBlock = TimeSpan.FromSeconds(Patience),
        });
        var sent = records.Select(r => producer.SendAsync(new ProducerRecord(topic, r.Key, r.Value)
        {
            Partition = r.Partition, Timestamp = r.Timestamp, Headers = [.. r.Headers.Select(h => new RecordHeader(h.Name, h.Value))],
        })).ToList();
        var delivered = await Task.WhenAll(sent);
        return [.. delivered.Select(d => new Placed(d.Partition, with.Acks == 0 ? -1 : d.Offset))];
    });

    public Task<IReadOnlyList<ClientRecord>> ConsumeAsync(string topic, int partition, long offset, int count) => RefusedAsync<IReadOnlyList<ClientRecord>>(async () =>
    {
        await using var consumer = new Consumer(ConsumerSettings.For(servers) with { PartitionFetchBytes = 20_000_000 });
        var place = new TopicPartition(topic, partition);
        consumer.Assign(place);
        consumer.Seek(place, offset);
        return await TakeAsync(consumer, count);
    });

    static async Task<List<ClientRecord>> TakeAsync(Consumer consumer, int count)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(Patience));
        var taken = new List<ClientRecord>();
        while (taken.Count < count && !end.IsCancellationRequested)
        {
            using var records = await consumer.PollAsync(TimeSpan.FromSeconds(1));
            foreach (var record in records) taken.Add(Copy(record));
        }

        return [.. taken.Take(count)];
    }

    static ClientRecord Copy(in ConsumerRecord record) => new(record.Key.ToArray(), record.Value.ToArray(), record.Partition, record.Timestamp)
    {
        Offset = record.Offset,
        Headers = [.. record.ReadHeaders().Select(h => (h.Key, h.Value.ToArray()))],
    };

    public Task<long> OffsetAsync(string topic, int partition, long time) => RefusedAsync(async () =>
    {
        var place = new TopicPartition(topic, partition);
        var question = time switch { -1 => OffsetQuestion.Latest, -2 => OffsetQuestion.Earliest, _ => OffsetQuestion.At(time) };
        var found = await _admin.ListOffsetsAsync(new Dictionary<TopicPartition, OffsetQuestion> { [place] = question });
        return found[place].Get().Offset;
    });

    public Task<IReadOnlyDictionary<string, int>> TopicsAsync() => RefusedAsync<IReadOnlyDictionary<string, int>>(async () =>
    {
        var names = (await _admin.ListTopicsAsync()).Select(t => t.Name).ToList();
        var described = await _admin.DescribeTopicsAsync(names);
        return described.Where(d => d.Value.IsOk).ToDictionary(d => d.Key, d => d.Value.Get().Partitions.Count);
    });

    public Task CreateAsync(string topic, int partitions, int replication, IReadOnlyDictionary<string, string>? configs) => RefusedAsync(async () =>
        (await _admin.CreateTopicsAsync(
            [new NewTopic(topic, partitions, (short)replication) { Configs = configs ?? new Dictionary<string, string>() }]))[topic].Get());

    public Task GrowAsync(string topic, int partitions) => RefusedAsync(async () =>
        (await _admin.CreatePartitionsAsync(new Dictionary<string, (int, IReadOnlyList<IReadOnlyList<int>>?)> { [topic] = (partitions, null) }))[topic].Get());

    public Task DeleteAsync(string topic) => RefusedAsync(async () => (await _admin.DeleteTopicsAsync([topic]))[topic].Get());

    public Task<IReadOnlyDictionary<string, string?>> DescribeAsync(string topic) => RefusedAsync<IReadOnlyDictionary<string, string?>>(async () =>
    {
        var resource = new ConfigResource(ConfigResourceType.Topic, topic);
        return (await _admin.DescribeConfigsAsync([resource]))[resource].Get().ToDictionary(e => e.Name, e => e.Value);
    });

    public Task AlterAsync(string topic, IReadOnlyDictionary<string, string> configs) => RefusedAsync(async () =>
    {
        var resource = new ConfigResource(ConfigResourceType.Topic, topic);
        IReadOnlyList<ConfigAlteration> changes = [.. configs.Select(c => new ConfigAlteration(c.Key, ConfigChange.Set, c.Value))];
        return (await _admin.AlterConfigsAsync(new Dictionary<ConfigResource, IReadOnlyList<ConfigAlteration>> { [resource] = changes }))[resource].Get();
    });

    public Task<IReadOnlyList<ClientRecord>> ReadAsMemberAsync(string group, string topic, int count, string protocol = "classic") => RefusedAsync<IReadOnlyList<ClientRecord>>(async () =>
    {
        await using var consumer = new Consumer(ConsumerSettings.For(servers, group) with
        {
            OffsetReset = OffsetReset.Earliest, MaxPollRecords = 1, AutoCommit = false,
            Protocol = protocol == "consumer" ? GroupProtocolKind.Consumer : GroupProtocolKind.Classic,
        });
        consumer.Subscribe([topic]);
        var taken = await TakeAsync(consumer, count);
        await consumer.CommitAsync();
        return taken;
    });

    static async Task<T> RefusedAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (KafkaException refused)
        {
            throw new ClientRefusedException((int)refused.Error, refused.Message);
        }
    }

    public ValueTask DisposeAsync() => _admin.DisposeAsync();
}
