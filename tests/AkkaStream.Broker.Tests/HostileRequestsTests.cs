using System.Text.Json.Nodes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Messages;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker.Tests;

/// <summary>Requests that can be read and make no sense: random values, sprinkled with names and numbers that exist.</summary>
public sealed class HostileRequestsTests
{
    static readonly ApiKey[] Keys =
    [
        ApiKey.Produce, ApiKey.Fetch, ApiKey.ListOffsets, ApiKey.Metadata, ApiKey.FindCoordinator, ApiKey.ApiVersions, ApiKey.CreateTopics,
        ApiKey.DeleteTopics, ApiKey.DeleteRecords, ApiKey.InitProducerId, ApiKey.OffsetForLeaderEpoch, ApiKey.DescribeAcls, ApiKey.CreateAcls,
        ApiKey.DeleteAcls, ApiKey.DescribeConfigs, ApiKey.AlterConfigs, ApiKey.DescribeLogDirs, ApiKey.CreatePartitions, ApiKey.ElectLeaders,
        ApiKey.IncrementalAlterConfigs, ApiKey.AlterPartitionReassignments, ApiKey.ListPartitionReassignments, ApiKey.DescribeQuorum,
        ApiKey.UpdateFeatures, ApiKey.DescribeCluster, ApiKey.DescribeProducers, ApiKey.UnregisterBroker, ApiKey.ListConfigResources,
        ApiKey.DescribeTopicPartitions, ApiKey.SaslHandshake, ApiKey.SaslAuthenticate, ApiKey.CreateDelegationToken,
    ];

    static readonly string[] Names = ["t", "__consumer_offsets", "1", "", "retention.ms", "cleanup.policy", "compact", "log.retention.ms"];
    static readonly int[] Sizes = [-2, -1, 0, 1, 3];

    [Fact]
    public void No_request_that_can_be_read_makes_a_handler_fail() => Seeds.ForEach(2, seed => PlayAsync(seed).GetAwaiter().GetResult());

    static async Task PlayAsync(long seed)
    {
        var random = new Random((int)seed);
        var log = new RecordedLog();
        await using var broker = await TestBroker.StartAsync(log);
        broker.Ask(new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new CreateTopicsRequestTopic { Name = "t", NumPartitions = 3, ReplicationFactor = 1 }],
        });
        var samples = new MessageSamples(random);
        var failures = new List<string>();
        foreach (var key in Keys)
        {
            var entry = MessageCatalog.Request(key);
            var served = ApiTable.Advertised(key);
            for (short version = Math.Max(served.Lowest, ApiTable.Versions(key).Lowest); version <= served.Highest; version++)
            {
                for (int i = 0; i < 8; i++)
                {
                    var body = MessageJson.Write(samples.Next(entry, version), version);
                    Sprinkle(body, random);
                    var request = (IRequest)MessageJson.Read(entry, body, version);
                    broker.Poke(request, version, isAnswered: key != ApiKey.Produce || body["acks"]?.GetValue<int>() != 0);
                    var failed = log.AtLeast(LogLevel.Error);
                    if (failed.Count > failures.Count) failures.Add($"{key} v{version} {body.ToJsonString()}: {failed[^1]}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.NotEmpty(broker.Ask(new MetadataRequest { Topics = [] }).Brokers);
    }

    /// <summary>So that not every request ends at an unknown name; and so that none asks to wait for days, or for millions of partitions.</summary>
    static void Sprinkle(JsonNode node, Random random)
    {
        if (node is JsonArray array)
        {
            for (int i = 0; i < array.Count; i++)
            {
                if (array[i] is JsonValue value && value.TryGetValue<string>(out _) && random.Next(2) == 0) array[i] = Names[random.Next(Names.Length)];
                else if (array[i] is { } item) Sprinkle(item, random);
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (string name in fields.Select(f => f.Key).ToList())
            {
                bool isSize = name.EndsWith("Ms", StringComparison.Ordinal) || name is "numPartitions" or "count" or "minBytes" or "maxBytes";
                if (isSize) fields[name] = Sizes[random.Next(Sizes.Length)];
                else if (name is "partitionIndex" or "partition" or "index" or "resourceType" or "isolationLevel" or "acks" or "keyType")
                    fields[name] = random.Next(-1, 4);
                else if (name is "name" or "topic" or "topicName" or "resourceName" or "value" && random.Next(2) == 0)
                    fields[name] = Names[random.Next(Names.Length)];
                else if (fields[name] is { } child)
                    Sprinkle(child, random);
            }
        }
    }
}
