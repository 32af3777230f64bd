using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker.Tests;

public sealed class FetchTests
{
    [Fact]
    public async Task Whoever_says_it_is_a_replica_is_told_who_leads_and_gets_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        var id = broker.Create("t");

        var answer = broker.Ask(new FetchRequest
        {
            MinBytes = 0,
            MaxBytes = 1_000,
            SessionEpoch = -1,
            ReplicaState = new FetchRequestReplicaState { ReplicaId = 9, ReplicaEpoch = 1 },
            Topics = [new FetchRequestTopic { TopicId = id, Partitions = [new FetchRequestPartition { PartitionMaxBytes = 1_000 }] }],
        });

        var partition = answer.Responses[0].Partitions[0];
        Assert.Equal((ErrorCode.NotLeaderOrFollower, 1), (partition.ErrorCode, partition.CurrentLeader?.LeaderId));
        Assert.Empty(answer.NodeEndpoints);
    }

    [Fact]
    public async Task An_older_segment_is_answered_at_once_though_it_holds_less_than_is_waited_for()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t", configs: ("segment.bytes", "1048576"));
        for (int i = 0; i < 3; i++) broker.Produce("t", TestBroker.Batch(valueSize: 700_000));

        // Waiting would take a minute and bring nothing: the first segment has no more.
        var answer = broker.Fetch("t", minBytes: 10_000_000, maxWaitMs: 60_000);

        Assert.Equal(3, answer.HighWatermark);
        Assert.InRange(answer.Records?.Length ?? 0, 700_000, 800_000);
    }

    [Fact]
    public async Task An_isolation_level_that_nobody_knows_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.Create("t");

        Assert.Equal(ErrorCode.InvalidRequest, broker.Fetch("t", isolation: 2).ErrorCode);
    }
}
