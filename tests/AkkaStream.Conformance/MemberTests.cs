using System.Text;
using AkkaStream.Conformance.Clients;
using AkkaStream.Protocol.Messages;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Conformance;

/// <summary>Reading as a member of a group: every client gets every record once, and goes on where it or another client has committed.</summary>
[Collection(SharedBroker.Name)]
public sealed class MemberTests(OneBroker broker)
{
    const int Partitions = 3;

    public static TheoryData<string, string> Clients => new()
    {
        { AllClients.Kcat, "classic" },
        { AllClients.Librdkafka, "classic" },
        { AllClients.KafkaPython, "classic" },
        { AllClients.Sarama, "classic" },
        { AllClients.KafkaJs, "classic" },
        { AllClients.Platformatic, "classic" },
        { AllClients.Platformatic, "consumer" },
        { AllClients.Own, "classic" },
        { AllClients.Own, "consumer" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_member_reads_everything_once_and_goes_on_where_it_committed(string client, string protocol)
    {
        string topic = await broker.NewTopicAsync("members", Partitions), group = broker.NewName("group");
        var member = await broker.Clients[client];
        await WriteAsync(topic, "first", 30);

        var first = await member.ReadAsMemberAsync(group, topic, 30, protocol);
        AssertHolds(client, "first", 30, first);
        await WriteAsync(topic, "second", 15);
        var second = await member.ReadAsMemberAsync(group, topic, 15, protocol);

        // kcat commits by itself, when it ends. What is committed is not read again.
        AssertHolds(client, "second", 15, second);
    }

    [Fact]
    public async Task What_one_client_committed_another_goes_on_from()
    {
        string topic = await broker.NewTopicAsync("handed-on", Partitions), group = broker.NewName("group");
        int round = 0;
        foreach (string client in new[] { AllClients.Librdkafka, AllClients.Sarama, AllClients.KafkaJs, AllClients.KafkaPython, AllClients.Platformatic, AllClients.Own })
        {
            string word = $"round{round++}";
            await WriteAsync(topic, word, 9);
            AssertHolds(client, word, 9, await (await broker.Clients[client]).ReadAsMemberAsync(group, topic, 9));
        }
    }

    // The first leads. This sarama cannot: it fails at subscriptions of others that are newer than it is.
    [Theory]
    [InlineData(AllClients.Librdkafka, AllClients.KafkaPython, AllClients.Sarama)]
    [InlineData(AllClients.Own, AllClients.Librdkafka, AllClients.KafkaPython)]
    [InlineData(AllClients.KafkaPython, AllClients.Own, AllClients.Sarama)]
    public async Task Members_of_different_clients_share_the_partitions_of_a_group(params string[] clients)
    {
        string topic = await broker.NewTopicAsync("shared", Partitions), group = broker.NewName("group");
        var reading = new List<Task<IReadOnlyList<ClientRecord>>>();
        foreach (string client in clients)
        {
            reading.Add((await broker.Clients[client]).ReadAsMemberAsync(group, topic, 10));
            await StableWithAsync(group, reading);
        }

        // Each of the three owns one of the three partitions before anything is written.
        await using (var writer = new OwnClient(broker.Servers)) await WriteAsync(writer, topic, "one each", 10 * Partitions);
        var read = await Task.WhenAll(reading);

        AssertHolds("the members together", "one each", 10 * Partitions, [.. read.SelectMany(r => r)]);
        Assert.All(read, r => Assert.Single(r.Select(x => x.Partition).Distinct()));
    }

    [Fact]
    public async Task What_was_committed_outlives_the_broker_that_is_killed()
    {
        await using var process = await BrokerProcess.StartAsync(new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" });
        await using var clients = new AllClients(process.Servers);
        var member = await clients[AllClients.Librdkafka];
        await member.CreateAsync("kept", Partitions);
        await WriteAsync(member, "kept", "before", 12);
        AssertHolds(member.Name, "before", 12, await member.ReadAsMemberAsync("keepers", "kept", 12));

        await process.KillAsync();
        await process.StartAgainAsync();
        await WriteAsync(member, "kept", "after", 12);

        AssertHolds(member.Name, "after", 12, await member.ReadAsMemberAsync("keepers", "kept", 12));
    }

    async Task StableWithAsync(string group, List<Task<IReadOnlyList<ClientRecord>>> members)
    {
        await using var client = await WireClient.ConnectAsync(broker.Address);
        await Patiently.AskAsync(
            async () =>
            {
                if (members.Find(m => m.IsFaulted) is { } failed) await failed;
                var answer = await client.AskAsync(new DescribeGroupsRequest { Groups = [group] }, 5);
                return $"{answer.Groups[0].GroupState} with {answer.Groups[0].Members.Length} members";
            },
            seen => seen == $"Stable with {members.Count} members",
            seen => $"the group is {seen}");
    }

    async Task WriteAsync(string topic, string word, int count) => await WriteAsync(await broker.Clients[AllClients.Librdkafka], topic, word, count);

    static Task WriteAsync(IKafkaClient writer, string topic, string word, int count)
    {
        ClientRecord[] records = [.. Enumerable.Range(0, count).Select(i => new ClientRecord(null, Encoding.UTF8.GetBytes($"{word} {i}"), i % Partitions))];
        return writer.ProduceAsync(topic, records, new ProduceWith());
    }

    static void AssertHolds(string client, string word, int count, IReadOnlyList<ClientRecord> read)
    {
        var expected = Enumerable.Range(0, count).Select(i => $"{word} {i}").Order(StringComparer.Ordinal);
        var got = read.Select(r => Encoding.UTF8.GetString(r.Value ?? [])).Order(StringComparer.Ordinal);
        Assert.True(expected.SequenceEqual(got), $"{client} read {read.Count} of {count}: {string.Join(", ", got)}");
        foreach (var partition in read.GroupBy(r => r.Partition))
            Assert.True(partition.Zip(partition.Skip(1)).All(p => p.First.Offset < p.Second.Offset), $"{client} read partition {partition.Key} out of order");
    }
}
