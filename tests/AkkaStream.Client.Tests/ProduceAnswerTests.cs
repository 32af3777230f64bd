using AkkaStream.Client.Producing;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;

namespace AkkaStream.Client.Tests;

public sealed class ProduceAnswerTests
{
    [Fact]
    public void An_answer_is_read_as_the_described_message_reads_it_in_every_version() => Seeds.ForEach(20, seed =>
    {
        var random = new Random((int)seed);
        for (short version = 3; version <= ApiTable.Versions(ApiKey.Produce).Highest; version++)
        {
            var written = Draw(random, version);
            var bytes = new byte[written.Size(version)];
            var writer = new WireWriter(bytes);
            written.Write(ref writer, version);
            var reader = new WireReader(bytes);
            Compare(ProduceResponse.Read(ref reader, version), bytes, version);
        }
    });

    static void Compare(ProduceResponse expected, byte[] bytes, short version)
    {
        var answer = new ProduceAnswer(bytes, version);
        foreach (var topic in expected.Responses)
        {
            foreach (var p in topic.PartitionResponses)
            {
                Assert.True(answer.MoveToPartition());
                if (version >= 13) Assert.Equal(topic.TopicId, answer.TopicId);
                else Assert.Equal(topic.Name, System.Text.Encoding.UTF8.GetString(answer.TopicName));
                Assert.Equal(p.Index, answer.Partition);
                Assert.Equal(p.ErrorCode, answer.Result.Error);
                Assert.Equal(p.BaseOffset, answer.Result.BaseOffset);
                Assert.Equal(p.LogAppendTimeMs, answer.Result.LogAppendTime);
                Assert.Equal(p.CurrentLeader?.LeaderId ?? -1, answer.Result.Leader);
                Assert.Equal(p.CurrentLeader?.LeaderEpoch ?? -1, answer.Result.LeaderEpoch);
                if (p.ErrorMessage is { } message) Assert.StartsWith(message, answer.Result.Text);
                foreach (var record in p.RecordErrors.Take(1)) Assert.Contains($"record {record.BatchIndex} of the batch", answer.Result.Text);
            }
        }
        Assert.False(answer.MoveToPartition());
        var endpoints = answer.ReadEndpoints() ?? [];
        Assert.Equal(
            expected.NodeEndpoints.Select(e => new BrokerView(e.NodeId, e.Host, e.Port, e.Rack)), endpoints);
    }

    static ProduceResponse Draw(Random random, short version) => new()
    {
        Responses = [.. Enumerable.Range(0, random.Next(4)).Select(t => new ProduceResponseTopic
        {
            Name = "topic" + t,
            TopicId = new TopicId(random.NextInt64(), random.NextInt64()),
            PartitionResponses = [.. Enumerable.Range(0, random.Next(4)).Select(i => new ProduceResponsePartition
            {
                Index = i,
                ErrorCode = (ErrorCode)random.Next(-1, 100),
                BaseOffset = random.NextInt64(),
                LogAppendTimeMs = random.NextInt64(-1, 1000),
                ErrorMessage = random.Next(2) == 0 ? null : "no reason",
                RecordErrors = [.. Enumerable.Range(0, random.Next(3)).Select(r => new ProduceResponseRecordError { BatchIndex = r, BatchIndexErrorMessage = random.Next(2) == 0 ? null : "bad" })],
                CurrentLeader = version >= 10 && random.Next(2) == 0 ? new ProduceResponseLeaderIdAndEpoch { LeaderId = random.Next(5), LeaderEpoch = random.Next(9) } : null,
            })],
        })],
        NodeEndpoints = version < 10 ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(i => new ProduceResponseNodeEndpoint { NodeId = i, Host = "h" + i, Port = i, Rack = random.Next(2) == 0 ? null : "r" })],
    };
}
