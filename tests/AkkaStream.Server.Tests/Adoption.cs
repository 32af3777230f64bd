using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Server.Commands;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;
using Wire = AkkaStream.TestKit.Processes.WireClient;

namespace AkkaStream.Server.Tests;

/// <summary>Data directories that Kafka left (stopped, killed, killed and damaged) go on here; compared with what Kafka's clients read.</summary>
public sealed class Adoption : IDisposable
{
    readonly string _scratch = Directory.CreateTempSubdirectory("akkastream-adopt-").FullName;

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [Theory]
    [InlineData("clean")]
    [InlineData("killed")]
    [InlineData("torn")]
    public async Task A_start_takes_over_topics_records_configs_and_committed_offsets(string archive)
    {
        string directory = Unpack(archive);
        JsonElement facts = GoldenFiles.Json($"logdirs/facts-{archive}.json");
        for (int round = 0; round < 2; round++)
        {
            await using var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [directory] });
            Assert.Equal(facts.GetProperty("clusterId").GetString(), host.ClusterId);
            await using var client = await Wire.ConnectAsync(host.Addresses[0]);
            foreach (var topic in facts.GetProperty("topics").EnumerateObject()) await CompareTopicAsync(client, topic);
            await CompareGroupsAsync(client, facts.GetProperty("groups"));
        }
    }

    [Fact]
    public async Task Producer_ids_epochs_and_new_records_go_on_above_what_Kafka_gave()
    {
        string directory = Unpack("killed");
        await using var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { LogDirs = [directory] });
        await using var client = await Wire.ConnectAsync(host.Addresses[0]);

        long id = await client.NewProducerIdAsync();
        var topics = (await client.AskAsync(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "epochs" }] }, 9)).Topics;
        var epoch = topics[0].Partitions[0];
        var appended = await AppendAsync(client, "epochs");

        // The highest that the data holds is 3,000, out of a block of a thousand.
        Assert.True(id >= 4_000, $"producer id {id}");
        Assert.True(epoch.LeaderEpoch > 2, $"leader epoch {epoch.LeaderEpoch}");
        Assert.Equal(20, appended.BaseOffset);
    }

    [Fact]
    public async Task Without_metadata_nothing_starts_before_somebody_confirms_and_then_nothing_is_deleted()
    {
        string directory = Unpack("clean");
        Directory.Delete(Path.Combine(directory, "__cluster_metadata-0"), recursive: true);
        var settings = new AkkaStreamSettings { LogDirs = [directory] };

        var refused = await Assert.ThrowsAsync<Cluster.IdentityException>(() => AkkaStreamHost.StartAsync(settings));
        Assert.Contains("akkastream adopt", refused.Message);
        Assert.Equal(1, Adopt(directory, out _, out string asks));
        Assert.Contains("--confirm", asks);
        Assert.Equal(0, Adopt(directory, out string says, out _, "--confirm"));
        Assert.Contains("plain  1 partitions, id x36vo9qiT2ypeRlowbgo7g", says);

        await using var host = await AkkaStreamHost.StartAsync(settings);
        await using var client = await Wire.ConnectAsync(host.Addresses[0]);
        var configs = await ConfigsAsync(client, "keyed-after");
        Assert.Equal(("delete", "-1", "-1"), (configs["cleanup.policy"], configs["retention.ms"], configs["retention.bytes"]));
        Assert.Equal(90, await OffsetAsync(client, "plain", 0, ListLatest, committed: false));
        Assert.True(await client.NewProducerIdAsync() >= 2_002);
        Assert.Equal(15, (await AppendAsync(client, "epochs")).BaseOffset);
    }

    [Fact]
    public void A_set_with_gaps_is_never_taken_for_a_smaller_topic()
    {
        string directory = Unpack("clean");
        Directory.Delete(Path.Combine(directory, "in-1"), recursive: true);
        Assert.Equal(1, Adopt(directory, out _, out string problems));
        Assert.Contains("In the way: in-1 is in the metadata and in none of log.dirs", problems);

        Directory.Delete(Path.Combine(directory, "__cluster_metadata-0"), recursive: true);
        Assert.Equal(1, Adopt(directory, out _, out problems, "--confirm"));
        Assert.Contains("In the way: in: partition 1 is missing, and there is one of number 2", problems);
    }

    const long ListEarliest = -2, ListLatest = -1;

    static int Adopt(string directory, out string output, out string errors, params string[] more)
    {
        var (said, complained) = (new StringWriter(), new StringWriter());
        int code = AdoptCommand.Run(["--override", $"log.dirs={directory}", .. more], said, complained);
        (output, errors) = (said.ToString(), complained.ToString());
        return code;
    }

    string Unpack(string archive)
    {
        using Stream packed = File.OpenRead(Path.Combine(GoldenFiles.Root, "logdirs", $"{archive}.tar.gz"));
        using var plain = new GZipStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(plain, _scratch, overwriteFiles: true);
        return Path.Combine(_scratch, archive);
    }

    static async Task CompareTopicAsync(Wire client, JsonProperty facts)
    {
        var topic = (await client.AskAsync(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = facts.Name }] }, 10)).Topics[0];
        Assert.Equal((ErrorCode.None, facts.Value.GetProperty("topicId").GetString()), (topic.ErrorCode, topic.TopicId.ToString()));
        Assert.Equal(facts.Value.GetProperty("partitions").EnumerateObject().Count(), topic.Partitions.Length);
        var configs = await ConfigsAsync(client, facts.Name);
        foreach (var config in facts.Value.GetProperty("configs").EnumerateObject().Where(c => c.Name != "min.insync.replicas"))
            Assert.Equal((config.Name, config.Value.GetString()), (config.Name, configs.GetValueOrDefault(config.Name)));
        foreach (var partition in facts.Value.GetProperty("partitions").EnumerateObject())
        {
            int number = int.Parse(partition.Name);
            long Fact(string name) => partition.Value.GetProperty(name).GetInt64();
            Assert.Equal((facts.Name, number, Fact("logStartOffset"), Fact("highWatermark"), Fact("lastStableOffset")),
                (facts.Name, number, await OffsetAsync(client, facts.Name, number, ListEarliest, committed: false),
                    await OffsetAsync(client, facts.Name, number, ListLatest, committed: false),
                    await OffsetAsync(client, facts.Name, number, ListLatest, committed: true)));
        }
    }

    static async Task CompareGroupsAsync(Wire client, JsonElement facts)
    {
        foreach (var group in facts.EnumerateObject().Where(g => g.Value.GetProperty("type").GetString() != "Share"))
        {
            var told = await OffsetsOfAsync(client, group.Name);
            var expected = group.Value.GetProperty("offsets").EnumerateObject()
                .Select(o => (o.Name, o.Value.GetProperty("offset").GetInt64(), o.Value.GetProperty("metadata").GetString()));
            Assert.Equal(expected.Order(), told.Order());
        }
    }

    static async Task<List<(string, long, string?)>> OffsetsOfAsync(Wire client, string group)
    {
        var answer = await Patiently.AskAsync(
            () => client.AskAsync(new OffsetFetchRequest { GroupId = group, Topics = null }, 7),
            said => said.ErrorCode == ErrorCode.None, said => $"{group}: {said.ErrorCode}");
        return [.. answer.Topics.SelectMany(t => t.Partitions.Select(p => ($"{t.Name}-{p.PartitionIndex}", p.CommittedOffset, p.Metadata)))];
    }

    static async Task<long> OffsetAsync(Wire client, string topic, int partition, long time, bool committed)
    {
        var answer = await Patiently.AskAsync(
            async () => (await client.AskAsync(new ListOffsetsRequest
            {
                ReplicaId = -1, IsolationLevel = (sbyte)(committed ? 1 : 0),
                Topics =
                [
                    new ListOffsetsRequestTopic
                    {
                        Name = topic, Partitions = [new ListOffsetsRequestPartition { PartitionIndex = partition, Timestamp = time }],
                    },
                ],
            }, 6)).Topics[0].Partitions[0],
            said => said.ErrorCode == ErrorCode.None,
            said => $"{topic}-{partition}: {said.ErrorCode}",
            said => said.ErrorCode is ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable);
        return answer.Offset;
    }

    static async Task<Dictionary<string, string?>> ConfigsAsync(Wire client, string topic)
    {
        var answer = await client.AskAsync(new DescribeConfigsRequest
        {
            Resources = [new DescribeConfigsRequestResource { ResourceType = 2, ResourceName = topic, ConfigurationKeys = null }],
        }, 4);
        return answer.Results[0].Configs.ToDictionary(c => c.Name, c => c.Value);
    }

    static Task<ProduceResponsePartition> AppendAsync(Wire client, string topic)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), default, "more"u8);
        return Patiently.AskAsync(
            async () => (await client.AskAsync(new ProduceRequest
            {
                Acks = -1, TimeoutMs = 30_000,
                TopicData =
                [
                    new ProduceRequestTopic
                    {
                        Name = topic, PartitionData = [new ProduceRequestPartition { Index = 0, Records = builder.ToArray() }],
                    },
                ],
            }, 9)).Responses[0].PartitionResponses[0],
            said => said.ErrorCode == ErrorCode.None,
            said => $"{topic}: {said.ErrorCode}",
            said => said.ErrorCode == ErrorCode.NotLeaderOrFollower);
    }
}
