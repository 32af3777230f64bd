using AkkaStream.Conformance.Clients;

namespace AkkaStream.Conformance;

/// <summary>Topics and their settings made, looked at, changed and removed by the clients that can, and what they are told when it is wrong.</summary>
[Collection(SharedBroker.Name)]
public sealed class AdminTests(OneBroker broker)
{
    const int UnknownTopic = 3, TooLarge = 10, InvalidTopic = 17, TopicExists = 36, InvalidPartitions = 37, InvalidReplication = 38, InvalidConfig = 40;

    public static TheoryData<string> Admins =>
        [AllClients.Librdkafka, AllClients.KafkaPython, AllClients.Sarama, AllClients.KafkaJs, AllClients.Platformatic, AllClients.Own];

    /// <summary>sarama asks for settings in a version that Kafka 4 does not serve.</summary>
    public static TheoryData<string> ReadersOfConfigs => [AllClients.Librdkafka, AllClients.KafkaPython, AllClients.KafkaJs, AllClients.Platformatic, AllClients.Own];

    public static TheoryData<string> All => [.. AllClients.Names];

    [Theory]
    [MemberData(nameof(Admins))]
    public async Task A_topic_lives_from_its_creation_to_its_deletion(string client)
    {
        var admin = await broker.Clients[client];
        string topic = broker.NewName("life");

        await admin.CreateAsync(topic, 2);
        Assert.Equal(2, await PartitionsSeenAsync(admin, topic, 2));
        await admin.GrowAsync(topic, 5);
        Assert.Equal(5, await PartitionsSeenAsync(admin, topic, 5));
        await admin.DeleteAsync(topic);

        Assert.Equal(0, await PartitionsSeenAsync(admin, topic, 0));
        await AssertRefusedAsync(UnknownTopic, client, () => admin.DeleteAsync(topic));
    }

    [Theory]
    [MemberData(nameof(ReadersOfConfigs))]
    public async Task Settings_of_a_topic_are_given_read_and_changed(string client)
    {
        var admin = await broker.Clients[client];
        string topic = broker.NewName("settings");

        await admin.CreateAsync(topic, 1, configs: new Dictionary<string, string> { ["retention.ms"] = "1234567", ["cleanup.policy"] = "compact" });
        var before = await admin.DescribeAsync(topic);
        await admin.AlterAsync(topic, new Dictionary<string, string> { ["retention.ms"] = "7654321" });
        var after = await admin.DescribeAsync(topic);

        Assert.Equal("1234567", before["retention.ms"]);
        Assert.Equal("compact", before["cleanup.policy"]);
        Assert.Equal("1048588", before["max.message.bytes"]);
        Assert.Equal("7654321", after["retention.ms"]);
    }

    [Theory]
    [MemberData(nameof(Admins))]
    public async Task Settings_changed_by_one_client_are_seen_by_another(string client)
    {
        string topic = await broker.NewTopicAsync("seen");

        await (await broker.Clients[client]).AlterAsync(topic, new Dictionary<string, string> { ["segment.ms"] = "777000" });

        Assert.Equal("777000", (await (await broker.Clients[AllClients.Librdkafka]).DescribeAsync(topic))["segment.ms"]);
    }

    [Theory]
    [MemberData(nameof(Admins))]
    public async Task Mistakes_get_the_error_that_Kafka_gives(string client)
    {
        var admin = await broker.Clients[client];
        string topic = await broker.NewTopicAsync("mistakes", partitions: 3);

        await AssertRefusedAsync(TopicExists, client, () => admin.CreateAsync(topic, 1));
        await AssertRefusedAsync(InvalidPartitions, client, () => admin.CreateAsync(broker.NewName("none"), 0));
        await AssertRefusedAsync(InvalidReplication, client, () => admin.CreateAsync(broker.NewName("three"), 1, replication: 3));
        await AssertRefusedAsync(InvalidTopic, client, () => admin.CreateAsync("no blanks in names", 1));
        await AssertRefusedAsync(InvalidConfig, client, () =>
            admin.CreateAsync(broker.NewName("bad"), 1, configs: new Dictionary<string, string> { ["retention.ms"] = "soon" }));
        await AssertRefusedAsync(InvalidPartitions, client, () => admin.GrowAsync(topic, 2));
        await AssertRefusedAsync(UnknownTopic, client, () => admin.GrowAsync(broker.NewName("nowhere"), 2));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_record_that_is_too_large_is_refused_by_that_name(string client)
    {
        string topic = await broker.NewTopicAsync("too-large");
        var writer = await broker.Clients[client];
        var noise = new byte[1_100_000];
        new Random(1).NextBytes(noise);

        await AssertRefusedAsync(TooLarge, client, () => writer.ProduceAsync(topic, [new ClientRecord(null, noise)], new ProduceWith()));

        Assert.Equal(0, await (await broker.Clients[AllClients.Librdkafka]).OffsetAsync(topic, 0, -1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Offsets_are_found_by_time(string client)
    {
        string topic = await broker.NewTopicAsync("times");
        const long Start = 1_700_000_000_000;
        ClientRecord[] records = [.. Enumerable.Range(0, 5).Select(i => new ClientRecord(null, "x"u8.ToArray(), Timestamp: Start + 1000 * i))];
        await (await broker.Clients[AllClients.Librdkafka]).ProduceAsync(topic, records, new ProduceWith());
        var asked = await broker.Clients[client];

        Assert.Equal(0, await asked.OffsetAsync(topic, 0, -2));
        Assert.Equal(5, await asked.OffsetAsync(topic, 0, -1));
        Assert.Equal(2, await asked.OffsetAsync(topic, 0, Start + 2000));
        Assert.Equal(3, await asked.OffsetAsync(topic, 0, Start + 2001));
        Assert.Equal(0, await asked.OffsetAsync(topic, 0, Start - 1));
        long beyond = await asked.OffsetAsync(topic, 0, Start + 10_000);

        // kafkajs takes the end where there is nothing that late.
        Assert.Equal(client == AllClients.KafkaJs ? 5 : -1, beyond);
    }

    [Fact]
    public async Task All_clients_see_many_topics_and_partitions()
    {
        var maker = await broker.Clients[AllClients.Librdkafka];
        var made = Enumerable.Range(0, 40).Select(i => (Name: broker.NewName("many"), Partitions: 1 + i % 5)).Append((Name: broker.NewName("wide"), Partitions: 200)).ToList();
        foreach (var (name, partitions) in made) await maker.CreateAsync(name, partitions);

        foreach (string client in AllClients.Names)
        {
            await PartitionsSeenAsync(await broker.Clients[client], made[^1].Name, made[^1].Partitions);
            var seen = await (await broker.Clients[client]).TopicsAsync();
            foreach (var (name, partitions) in made)
                Assert.True(seen.TryGetValue(name, out int count) && count == partitions, $"{client} sees {count} partitions of {name}, not {partitions}");
        }

        string wide = made[^1].Name;
        ClientRecord[] records = [.. Enumerable.Range(0, 200).Select(p => new ClientRecord(null, BitConverter.GetBytes(p), p))];
        foreach (string client in new[] { AllClients.Librdkafka, AllClients.Sarama, AllClients.KafkaPython })
            await (await broker.Clients[client]).ProduceAsync(wide, records, new ProduceWith());
        foreach (int partition in new[] { 0, 99, 199 })
        {
            var read = await maker.ConsumeAsync(wide, partition, 0, 3);
            Assert.All(read, r => Assert.Equal(BitConverter.GetBytes(partition), r.Value));
            Assert.Equal(3, read.Count);
        }
    }

    /// <summary>
    /// How many partitions a client sees, 0 for no such topic. Kafka's brokers may learn of a change a moment after it was answered; so a
    /// few questions are asked until it is the expected number.
    /// </summary>
    static async Task<int> PartitionsSeenAsync(IKafkaClient client, string topic, int expected)
    {
        int count = -1;
        for (int i = 0; i < 50 && count != expected; i++) count = (await client.TopicsAsync()).GetValueOrDefault(topic);
        return count;
    }

    /// <summary>kcat tells errors by their text only; of the others sarama keeps the codes of settings to itself.</summary>
    static async Task AssertRefusedAsync(int code, string client, Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<ClientRefusedException>(act);
        if (client == AllClients.Kcat) Assert.Contains("Message size too large", refused.Message);
        else Assert.True(refused.Code == code, $"{client}: error {code} was expected, not {refused.Message}");
    }
}
