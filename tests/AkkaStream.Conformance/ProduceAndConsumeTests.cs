using System.Text;
using AkkaStream.Conformance.Clients;

namespace AkkaStream.Conformance;

/// <summary>What any of the clients writes, all of them read, to the byte.</summary>
[Collection(SharedBroker.Name)]
public sealed class ProduceAndConsumeTests(OneBroker broker)
{
    static readonly Dictionary<string, string[]> CodecsOf = new()
    {
        [AllClients.Kcat] = ["none", "gzip", "snappy", "lz4", "zstd"],
        [AllClients.Librdkafka] = ["none", "gzip", "snappy", "lz4", "zstd"],
        [AllClients.KafkaPython] = ["none", "gzip", "snappy", "lz4", "zstd"],
        [AllClients.Own] = ["none", "gzip", "snappy", "lz4", "zstd"],

        // zstd: this sarama writes it in a version of Produce that may not carry it, kafkajs has none, @platformatic/kafka from Node.js 22 on.
        [AllClients.Sarama] = ["none", "gzip", "snappy", "lz4"],
        [AllClients.KafkaJs] = ["none", "gzip", "snappy", "lz4"],
        [AllClients.Platformatic] = ["none", "gzip", "snappy", "lz4"],
    };

    public static TheoryData<string, string> ClientsAndCodecs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (client, codecs) in CodecsOf)
                foreach (string codec in codecs) data.Add(client, codec);
            return data;
        }
    }

    public static TheoryData<string> Clients => [.. AllClients.Names];

    [Theory]
    [MemberData(nameof(ClientsAndCodecs))]
    public async Task What_one_client_writes_all_others_read(string client, string codec)
    {
        string topic = await broker.NewTopicAsync($"codec-{codec}");
        var writer = await broker.Clients[client];
        Assert.Contains(codec, writer.Codecs);
        ClientRecord[] records =
        [
            new("key"u8.ToArray(), "value"u8.ToArray(), Timestamp: 1_700_000_000_000),
            new("key"u8.ToArray(), Text(2_000), Timestamp: 1_700_000_000_001)
            {
                Headers = [("first", "1"u8.ToArray()), ("second", "two"u8.ToArray())],
            },
            new(null, "no key"u8.ToArray(), Timestamp: 1_700_000_000_002),
            new("tombstone"u8.ToArray(), null, Timestamp: 1_700_000_000_003),
        ];

        await writer.ProduceAsync(topic, records, new ProduceWith(Codec: codec));

        foreach (string reader in AllClients.Readers)
        {
            var read = await (await broker.Clients[reader]).ConsumeAsync(topic, 0, 0, records.Length);
            AssertSame(records, read, $"{client} with {codec}, read by {reader}", hasTimes: client != AllClients.Kcat);
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Values_of_one_byte_to_a_megabyte_come_back(string client)
    {
        string topic = await broker.NewTopicAsync("sizes");
        ClientRecord[] records = [.. new[] { 1, 100, 10_000, 100_000, 1_000_000 }.Select(size => new ClientRecord("k"u8.ToArray(), Noise(size)))];

        // One by one: some clients would put all of them into one batch, which is too large then.
        foreach (var record in records) await (await broker.Clients[client]).ProduceAsync(topic, [record], new ProduceWith());

        foreach (string reader in AllClients.Readers)
        {
            var read = await (await broker.Clients[reader]).ConsumeAsync(topic, 0, 0, records.Length);
            AssertSame(records, read, $"{client}, read by {reader}", hasTimes: false);
        }
    }

    [Fact]
    public async Task A_codec_that_the_version_of_the_request_may_not_carry_is_refused()
    {
        string topic = await broker.NewTopicAsync("old-zstd");
        var writer = await broker.Clients[AllClients.Sarama];
        var refused = await Assert.ThrowsAsync<ClientRefusedException>(() =>
            writer.ProduceAsync(topic, [new ClientRecord(null, Text(1000))], new ProduceWith(Codec: "zstd")));
        Assert.Equal(76, refused.Code);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Records_arrive_whatever_acknowledgement_is_asked_for(string client)
    {
        string topic = await broker.NewTopicAsync("acks");
        var writer = await broker.Clients[client];
        ClientRecord[] records = [new("k"u8.ToArray(), "acks 0"u8.ToArray()), new("k"u8.ToArray(), "acks 1"u8.ToArray()), new("k"u8.ToArray(), "all"u8.ToArray())];

        await writer.ProduceAsync(topic, records[..1], new ProduceWith(Acks: 0));

        // Without an acknowledgement the next record, on another connection, might overtake the first.
        var reader = await broker.Clients[AllClients.Librdkafka];
        Assert.Single(await reader.ConsumeAsync(topic, 0, 0, 1));
        await writer.ProduceAsync(topic, records[1..2], new ProduceWith(Acks: 1));
        await writer.ProduceAsync(topic, records[2..], new ProduceWith(Acks: -1));

        AssertSame(records, await reader.ConsumeAsync(topic, 0, 0, 3), client, hasTimes: false);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Offsets_count_on_from_record_to_record(string client)
    {
        string topic = await broker.NewTopicAsync("offsets");
        var writer = await broker.Clients[client];
        ClientRecord[] records = [.. Enumerable.Range(0, 10).Select(i => new ClientRecord(null, Encoding.UTF8.GetBytes($"{i}")))];

        var placed = await writer.ProduceAsync(topic, records, new ProduceWith());

        var read = await (await broker.Clients[AllClients.Librdkafka]).ConsumeAsync(topic, 0, 0, records.Length);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), read.Select(r => r.Offset));
        AssertSame(records, read, client, hasTimes: false);

        // kcat does not tell where its records went.
        if (client != AllClients.Kcat) Assert.Equal(Enumerable.Range(0, 10).Select(i => new Placed(0, i)), placed);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Idempotent_producers_write_each_record_once_and_in_order(string client)
    {
        var writer = await broker.Clients[client];
        if (client == AllClients.KafkaPython)
        {
            Assert.DoesNotContain("idempotent", writer.Can);
            return;
        }

        string topic = await broker.NewTopicAsync("idempotent", partitions: 3);
        ClientRecord[] records = [.. Enumerable.Range(0, 30).Select(i => new ClientRecord(null, Encoding.UTF8.GetBytes($"{i}"), i % 3))];
        await writer.ProduceAsync(topic, records, new ProduceWith(IsIdempotent: true));

        for (int partition = 0; partition < 3; partition++)
        {
            var read = await (await broker.Clients[AllClients.Librdkafka]).ConsumeAsync(topic, partition, 0, 10);
            AssertSame([.. records.Where(r => r.Partition == partition)], read, client, hasTimes: false);
            Assert.Equal(10, await (await broker.Clients[AllClients.Librdkafka]).OffsetAsync(topic, partition, -1));
        }
    }

    [Theory]
    [InlineData(AllClients.Kcat)]
    [InlineData(AllClients.Librdkafka)]
    [InlineData(AllClients.KafkaPython)]
    public async Task A_topic_is_made_when_it_is_first_written_to(string client)
    {
        string topic = broker.NewName("made-on-demand");

        await (await broker.Clients[client]).ProduceAsync(topic, [new ClientRecord("k"u8.ToArray(), "first"u8.ToArray(), Partition: null)], new ProduceWith());

        var read = await (await broker.Clients[AllClients.Librdkafka]).ConsumeAsync(topic, 0, 0, 1);
        Assert.Equal("first"u8.ToArray(), read.Single().Value);
    }

    static byte[] Text(int length) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length / 4).Select(i => $"{i % 1000:000} ")));

    /// <summary>Bytes that no codec makes smaller, the same at each run.</summary>
    static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    static void AssertSame(IReadOnlyList<ClientRecord> written, IReadOnlyList<ClientRecord> read, string what, bool hasTimes)
    {
        Assert.True(written.Count == read.Count, $"{what}: {written.Count} records were written, {read.Count} read");
        foreach (var (mine, theirs) in written.Zip(read))
        {
            string at = $"{what}, offset {theirs.Offset}";
            Assert.True(IsSame(mine.Key, theirs.Key), $"{at}: another key");
            Assert.True(IsSame(mine.Value, theirs.Value), $"{at}: another value, {theirs.Value?.Length.ToString() ?? "null"} bytes");
            if (hasTimes) Assert.True(mine.Timestamp == theirs.Timestamp, $"{at}: time {theirs.Timestamp}, not {mine.Timestamp}");
            Assert.True(mine.Headers.Count == theirs.Headers.Count, $"{at}: {theirs.Headers.Count} headers");
            foreach (var ((name, value), (otherName, otherValue)) in mine.Headers.Zip(theirs.Headers))
                Assert.True(name == otherName && IsSame(value, otherValue), $"{at}: header {otherName}");
        }
    }

    static bool IsSame(byte[]? a, byte[]? b) => a is null ? b is null : b is not null && a.AsSpan().SequenceEqual(b);
}
