using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit.Processes;
using Wire = AkkaStream.TestKit.Processes.WireClient;

namespace AkkaStream.Server.Tests;

/// <summary>
/// A broker that stops answers at once those who only wait for something to happen. Here they would wait for weeks, and for as long as the
/// broker is patient; it would then close their connections, which fails the test.
/// </summary>
public sealed class Draining
{
    const string Topic = "waited-for", Group = "of-one";

    [Fact]
    public async Task A_fetch_that_waits_for_records_is_answered_with_none()
    {
        await using var host = await AkkaStreamHost.StartAsync();
        await using var waiting = await Wire.ConnectAsync(host.Addresses[0]);
        await using var other = await Wire.ConnectAsync(host.Addresses[0]);
        await waiting.CreateTopicAsync(Topic, 2);
        Assert.Equal(0, await EndAsync(other, partition: 0)); // the log is open, so a fetch waits for records and nothing else

        var fetch = waiting.AskAsync(new FetchRequest
        {
            ReplicaId = -1, MaxWaitMs = int.MaxValue, MinBytes = 1, MaxBytes = 1 << 20,
            Topics =
            [
                new FetchRequestTopic { Topic = Topic, Partitions = [new FetchRequestPartition { Partition = 0, PartitionMaxBytes = 1 << 20 }] },
            ],
        }, 11);
        var behind = waiting.AskAsync(OneRecord(partition: 1), 9);
        await Patiently.AskAsync(() => EndAsync(other, partition: 1), end => end == 1, end => $"what was sent behind the fetch is not there: {end}");
        Assert.False(fetch.IsCompleted);

        await host.DisposeAsync();

        var part = (await fetch).Responses[0].Partitions[0];
        Assert.Equal((ErrorCode.None, 0), (part.ErrorCode, part.Records?.Length ?? 0));
        Assert.Equal(ErrorCode.None, (await behind).Responses[0].PartitionResponses[0].ErrorCode);
    }

    [Fact]
    public async Task A_member_that_waits_for_others_is_told_to_look_for_another_coordinator()
    {
        await using var host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings
        {
            Properties = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "1000000000", ["offsets.topic.num.partitions"] = "1" },
        });
        await using var waiting = await Wire.ConnectAsync(host.Addresses[0]);
        await using var other = await Wire.ConnectAsync(host.Addresses[0]);
        await Patiently.AskAsync(
            () => other.AskAsync(new FindCoordinatorRequest { CoordinatorKeys = [Group] }, 4),
            found => found.Coordinators[0].ErrorCode == ErrorCode.None, found => $"no coordinator: {found.Coordinators[0].ErrorCode}");
        await Patiently.AskAsync(() => StateAsync(other), state => state == "Dead", state => $"the coordinator says {state}");

        var join = waiting.AskAsync(new JoinGroupRequest
        {
            GroupId = Group, SessionTimeoutMs = 30_000, RebalanceTimeoutMs = 60_000, ProtocolType = "consumer",
            Protocols = [new JoinGroupRequestProtocol { Name = "range", Metadata = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } }],
        }, 3);
        await Patiently.AskAsync(() => StateAsync(other), state => state == "PreparingRebalance", state => $"the group is {state}");
        Assert.False(join.IsCompleted);

        await host.DisposeAsync();

        Assert.Equal(ErrorCode.NotCoordinator, (await join).ErrorCode);
    }

    static async Task<string> StateAsync(Wire client) =>
        (await client.AskAsync(new DescribeGroupsRequest { Groups = [Group] }, 5)).Groups[0] switch
        {
            { ErrorCode: ErrorCode.None } group => group.GroupState,
            var refused => refused.ErrorCode.ToString(),
        };

    static async Task<long> EndAsync(Wire client, int partition)
    {
        var answer = await client.AskAsync(new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new ListOffsetsRequestTopic { Name = Topic, Partitions = [new ListOffsetsRequestPartition { PartitionIndex = partition, Timestamp = -1 }] }],
        }, 6);
        return answer.Topics[0].Partitions[0].Offset;
    }

    static ProduceRequest OneRecord(int partition)
    {
        var builder = new RecordBatchBuilder();
        builder.Append(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), default, "a record"u8);
        return new ProduceRequest
        {
            Acks = -1, TimeoutMs = 30_000,
            TopicData = [new ProduceRequestTopic { Name = Topic, PartitionData = [new ProduceRequestPartition { Index = partition, Records = builder.ToArray() }] }],
        };
    }
}
