using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Server.Tests;

/// <summary>What a host keeps on disk is there when another one starts on it.</summary>
public sealed class Keeping : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    static long Produce(WireClient client, string topic, int records)
    {
        var builder = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) builder.Append(1_700_000_000_000, default, new byte[10]);
        var answer = client.Ask(new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Records = builder.ToArray() }] }],
        }, 9);
        Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
        return answer.Responses[0].PartitionResponses[0].BaseOffset;
    }

    static TopicId IdOf(WireClient client, string topic) =>
        client.Ask(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = topic }] }, 12).Topics[0].TopicId;

    [Fact]
    public async Task Topics_ids_records_and_settings_outlive_their_host()
    {
        var settings = new AkkaStreamSettings
        {
            LogDirs = [Path.Combine(_directory, "a"), Path.Combine(_directory, "b")],
            Properties = new Dictionary<string, string> { ["num.partitions"] = "3" },
        };
        TopicId id;
        await using (var host = await AkkaStreamHost.StartAsync(settings))
        {
            using var client = new WireClient(host.Addresses[0]);
            client.CreateTopic("kept", partitions: -1);
            Assert.Equal(0, Produce(client, "kept", 5));
            id = IdOf(client, "kept");
        }

        await using var again = await AkkaStreamHost.StartAsync(settings);
        using var second = new WireClient(again.Addresses[0]);
        var topic = second.Ask(new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "kept" }] }, 12).Topics[0];

        Assert.Equal(id, topic.TopicId);
        Assert.Equal(3, topic.Partitions.Length);
        Assert.Equal(5, Produce(second, "kept", 1));
    }

    [Fact]
    public async Task A_broker_in_memory_forgets()
    {
        await using (var host = await AkkaStreamHost.StartAsync())
        {
            using var client = new WireClient(host.Addresses[0]);
            client.CreateTopic("forgotten");
            Produce(client, "forgotten", 1);
        }

        await using var again = await AkkaStreamHost.StartAsync();
        using var second = new WireClient(again.Addresses[0]);

        Assert.Empty(second.Ask(new MetadataRequest { Topics = null }, 12).Topics);
    }
}
