using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>Right requests that ask for far too much: they cost whoever sends them, not the broker.</summary>
public sealed class GreedyTests(VictimBroker broker) : IClassFixture<VictimBroker>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Clients_that_ask_and_never_read_fill_their_own_connections_only()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        await client.CreateTopicAsync("large", 1);
        var noise = new byte[900_000];
        new Random(3).NextBytes(noise);
        for (int i = 0; i < 20; i++) await ProduceAsync(client, "large", noise);
        byte[] fetch = Frames.ToBytes(new FetchRequest
        {
            MaxWaitMs = 0, MinBytes = 0,
            Topics = [new FetchRequestTopic { Topic = "large", Partitions = [new FetchRequestPartition { PartitionMaxBytes = 16 << 20 }] }],
        }, 11, 1, "greedy");
        var strangers = new List<Stranger>();
        for (int i = 0; i < 60; i++)
        {
            strangers.Add(await Stranger.ConnectAsync(broker.Process.Address));
            for (int j = 0; j < 10; j++) await strangers[i].SendAsync(fetch);
        }

        for (int i = 0; i < 20; i++) await broker.ProbeAsync();
        await broker.AssertUnharmedAsync(allowedMegabytes: 200);
        strangers.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Partitions_by_the_thousand_million_are_refused()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        foreach (int count in new[] { int.MaxValue, 1_000_000, 10_001, int.MinValue })
        {
            var answer = await client.AskAsync(new CreateTopicsRequest
            {
                TimeoutMs = 30_000, Topics = [new CreateTopicsRequestTopic { Name = "endless", NumPartitions = count, ReplicationFactor = 1 }],
            }, 5).WaitAsync(Patience);
            Assert.NotEqual(ErrorCode.None, answer.Topics[0].ErrorCode);
        }

        await client.CreateTopicAsync("grown", 1);
        var grown = await client.AskAsync(new CreatePartitionsRequest
        {
            TimeoutMs = 30_000, Topics = [new CreatePartitionsRequestTopic { Name = "grown", Count = int.MaxValue, Assignments = null }],
        }, 2).WaitAsync(Patience);
        Assert.NotEqual(ErrorCode.None, grown.Results[0].ErrorCode);
        await broker.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_question_about_a_hundred_thousand_things_is_answered()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        string[] names = [.. Enumerable.Range(0, 100_000).Select(i => $"nobody-{i}")];
        var metadata = await client.AskAsync(new MetadataRequest
        {
            Topics = [.. names.Select(n => new MetadataRequestTopic { Name = n })], AllowAutoTopicCreation = false,
        }, 9).WaitAsync(Patience);
        Assert.Equal(names.Length, metadata.Topics.Length);
        Assert.All(metadata.Topics, t => Assert.Equal(ErrorCode.UnknownTopicOrPartition, t.ErrorCode));
        var offsets = await client.AskAsync(new ListOffsetsRequest
        {
            Topics =
            [
                new ListOffsetsRequestTopic
                {
                    Name = "nobody", Partitions = [.. Enumerable.Range(0, 100_000).Select(p => new ListOffsetsRequestPartition { PartitionIndex = p, Timestamp = -1 })],
                },
            ],
        }, 6).WaitAsync(Patience);
        Assert.Equal(100_000, offsets.Topics[0].Partitions.Length);
        await broker.AssertUnharmedAsync(allowedMegabytes: 250);
    }

    [Fact]
    public async Task Connections_that_come_and_go_leave_nothing_behind()
    {
        int before = Handles();
        byte[] request = Frames.ToBytes(new ApiVersionsRequest(), 0, 1, "passer-by");
        for (int i = 0; i < 2_000; i++)
        {
            using var passer = await Stranger.ConnectAsync(broker.Process.Address);
            await passer.SendAsync(i % 3 == 0 ? request : request.AsMemory(0, i % request.Length));
            if (i % 3 == 0) await passer.ReadAsync(4, "a passer-by");
        }

        // The last of them may still be on their way out.
        for (int i = 0; i < 200 && Handles() > before + 20; i++) await broker.ProbeAsync();
        Assert.InRange(Handles(), 0, before + 20);
        await broker.AssertUnharmedAsync();
    }

    int Handles() => Directory.GetFiles($"/proc/{broker.Process.ProcessId}/fd").Length;

    [Fact]
    public async Task Waiting_fetches_by_the_thousand_cost_little_and_end_with_their_connections()
    {
        await using var client = await WireClient.ConnectAsync(broker.Process.Address);
        await client.CreateTopicAsync("quiet", 1);
        byte[] fetch = Frames.ToBytes(new FetchRequest
        {
            MaxWaitMs = int.MaxValue, MinBytes = int.MaxValue,
            Topics = [new FetchRequestTopic { Topic = "quiet", Partitions = [new FetchRequestPartition { PartitionMaxBytes = 1 << 20 }] }],
        }, 11, 1, "patient");
        var strangers = new List<Stranger>();
        for (int i = 0; i < 1_000; i++)
        {
            strangers.Add(await Stranger.ConnectAsync(broker.Process.Address));
            await strangers[i].SendAsync(fetch);
        }

        await ProduceAsync(client, "quiet", "something"u8.ToArray());
        for (int i = 0; i < 20; i++) await broker.ProbeAsync();
        await broker.AssertUnharmedAsync(allowedMegabytes: 80);
        foreach (var stranger in strangers)
        {
            stranger.EndSending();
            await stranger.ReadToEndAsync("a patient one that has gone");
            stranger.Dispose();
        }

        await broker.AssertUnharmedAsync(allowedMegabytes: 80);
    }

    static async Task ProduceAsync(WireClient client, string topic, byte[] value)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, "k"u8, value);
        var answer = await client.AskAsync(new ProduceRequest
        {
            Acks = -1, TimeoutMs = 10_000,
            TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Records = builder.ToArray() }] }],
        }, 9).WaitAsync(Patience);
        Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
    }
}
