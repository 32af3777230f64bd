using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>
/// Topics are made, grown, set, emptied and deleted while the broker is killed: what was acknowledged holds afterwards, what was refused
/// did not happen, and what was under way has happened wholly or not at all.
/// </summary>
public sealed class MetadataKillTests
{
    const int FewRounds = 4, ChangesPerRound = 40, UnderWay = 6;
    const short CreateVersion = 7, Version = 5;

    static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_CHAOS_ROUNDS"), out int rounds) ? rounds : FewRounds;

    [Fact]
    public Task Acknowledged_changes_of_topics_and_settings_outlive_a_kill() =>
        Seeds.ForEachAsync(1, seed => RunAsync(new Random((int)seed)));

    /// <summary>What must be there, and what may be, because its answer was never seen.</summary>
    sealed class Expected
    {
        public required int[] Partitions { get; set; }
        public required string?[] Retention { get; set; }
        public TopicId? Id { get; set; }
    }

    static async Task RunAsync(Random random)
    {
        await using var broker = await BrokerProcess.StartAsync();
        var topics = new Dictionary<string, Expected>();
        int names = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await using (var client = await WireClient.ConnectAsync(broker.Address))
            {
                for (int i = 0; i < ChangesPerRound; i++) await Change(client, topics, random, ref names);

                // The last few are not waited for: the kill finds them anywhere on their way.
                var open = new List<Task>();
                for (int i = 0; i < UnderWay; i++) open.Add(Change(client, topics, random, ref names));
                await broker.KillAsync();
                await Task.WhenAll(open);
            }

            await broker.StartAgainAsync();
            await using var asking = await WireClient.ConnectAsync(broker.Address);
            await CompareAsync(asking, topics);
        }
    }

    static Task Change(WireClient client, Dictionary<string, Expected> topics, Random random, ref int names)
    {
        string[] there = [.. topics.Where(t => t.Value is { Partitions: [> 0], Retention.Length: 1 }).Select(t => t.Key).Order(StringComparer.Ordinal)];
        int kind = there.Length == 0 ? 0 : random.Next(5);
        string topic = kind <= 1 ? $"t{names++}" : there[random.Next(there.Length)];
        return kind switch
        {
            0 or 1 => CreateAsync(client, topics, topic, random.Next(1, 4), $"{random.Next(1, 1000)}000"),
            2 => GrowAsync(client, topics[topic], topic, topics[topic].Partitions[0] + random.Next(1, 3)),
            3 => SetAsync(client, topics[topic], topic, $"{random.Next(1, 1000)}000"),
            _ => DeleteAsync(client, topics, topic),
        };
    }

    static async Task CreateAsync(WireClient client, Dictionary<string, Expected> topics, string topic, int partitions, string retention)
    {
        var expected = topics[topic] = new Expected { Partitions = [0, partitions], Retention = [retention] };
        var answer = await AskAsync(client, new CreateTopicsRequest
        {
            TimeoutMs = 30_000,
            Topics =
            [
                new CreateTopicsRequestTopic
                {
                    Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = [new CreateTopicsRequestConfig { Name = "retention.ms", Value = retention }],
                },
            ],
        }, CreateVersion);
        if (answer is null) return;
        Assert.Equal(ErrorCode.None, answer.Topics[0].ErrorCode);
        expected.Partitions = [partitions];
        expected.Id = answer.Topics[0].TopicId;
    }

    static async Task GrowAsync(WireClient client, Expected expected, string topic, int partitions)
    {
        expected.Partitions = [.. expected.Partitions, partitions];
        var answer = await AskAsync(client, new CreatePartitionsRequest
        {
            TimeoutMs = 30_000, Topics = [new CreatePartitionsRequestTopic { Name = topic, Count = partitions, Assignments = null }],
        }, 2);
        if (answer is null) return;
        Assert.Equal(ErrorCode.None, answer.Results[0].ErrorCode);
        expected.Partitions = [partitions];
    }

    static async Task SetAsync(WireClient client, Expected expected, string topic, string retention)
    {
        expected.Retention = [.. expected.Retention, retention];
        var answer = await AskAsync(client, new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsRequestResource
                {
                    ResourceType = 2, ResourceName = topic, Configs = [new IncrementalAlterConfigsRequestConfig { Name = "retention.ms", ConfigOperation = 0, Value = retention }],
                },
            ],
        }, 1);
        if (answer is null) return;
        Assert.Equal(ErrorCode.None, answer.Responses[0].ErrorCode);
        expected.Retention = [retention];
    }

    static async Task DeleteAsync(WireClient client, Dictionary<string, Expected> topics, string topic)
    {
        topics[topic].Partitions = [.. topics[topic].Partitions, 0];
        var answer = await AskAsync(client, new DeleteTopicsRequest { TimeoutMs = 30_000, TopicNames = [topic] }, Version);
        if (answer is null) return;
        Assert.Equal(ErrorCode.None, answer.Responses[0].ErrorCode);
        topics[topic].Partitions = [0];
    }

    /// <summary>Null when the broker was gone before it answered.</summary>
    static async Task<T?> AskAsync<T>(WireClient client, IRequest<T> request, short version)
        where T : class, IMessage
    {
        try
        {
            return await client.AskAsync(request, version);
        }
        catch (WireClosedException)
        {
            return null;
        }
    }

    static async Task CompareAsync(WireClient client, Dictionary<string, Expected> topics)
    {
        var metadata = await client.AskAsync(new MetadataRequest { Topics = null }, 12);
        var found = metadata.Topics.ToDictionary(t => t.Name!);
        foreach (string stranger in found.Keys.Except(topics.Keys).Where(n => !n.StartsWith("__", StringComparison.Ordinal)))
            Assert.Fail($"nobody made {stranger}");
        foreach (var (name, expected) in topics)
        {
            int partitions = found.TryGetValue(name, out var topic) ? topic.Partitions.Length : 0;
            Assert.True(expected.Partitions.Contains(partitions), $"{name} has {partitions} partitions, not {string.Join(" or ", expected.Partitions)}");
            if (topic is not null && expected.Id is { } id) Assert.True(id == topic.TopicId, $"{name} has another id");
            expected.Partitions = [partitions];
            expected.Id = topic?.TopicId;
            if (topic is null) continue;
            string? retention = await RetentionAsync(client, name);
            Assert.True(expected.Retention.Contains(retention), $"{name}: retention.ms is {retention}, not {string.Join(" or ", expected.Retention)}");
            expected.Retention = [retention];
        }
    }

    static async Task<string?> RetentionAsync(WireClient client, string topic)
    {
        var answer = await client.AskAsync(new DescribeConfigsRequest
        {
            Resources = [new DescribeConfigsRequestResource { ResourceType = 2, ResourceName = topic, ConfigurationKeys = ["retention.ms"] }],
        }, 4);
        return answer.Results[0].Configs[0].Value;
    }
}
