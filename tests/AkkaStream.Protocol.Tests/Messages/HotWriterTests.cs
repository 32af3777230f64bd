using System.Text;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Tests.Support;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;
using GoldenFiles = AkkaStream.TestKit.GoldenFiles;

namespace AkkaStream.Protocol.Tests.Messages;

/// <summary>
/// The direct writers of hot responses write what the generated classes write, in as many bytes as they said.
/// </summary>
public class HotWriterTests
{
    const int PerVersion = 200;

    [Fact]
    public void The_produce_writer_writes_the_bytes_of_the_class()
    {
        foreach ((IMessage message, short version, string told) in Inputs("ProduceResponse"))
        {
            var response = (ProduceResponse)message;
            byte[] direct = WriteProduce(response, version);
            Assert.True(Bytes.Of(response, version).AsSpan().SequenceEqual(direct), told);
        }
    }

    [Fact]
    public void The_fetch_writer_writes_the_bytes_of_the_class_around_the_records()
    {
        foreach ((IMessage message, short version, string told) in Inputs("FetchResponse"))
        {
            var response = (FetchResponse)message;
            byte[] direct = WriteFetch(response, version);
            Assert.True(Bytes.Of(response, version).AsSpan().SequenceEqual(direct), told);
        }
    }

    [Fact]
    public void What_a_version_lacks_is_left_out()
    {
        var result = new ProduceResult { CurrentLeader = (1, 2), ErrorMessage = "told from version 8 on" };
        var bytes = new byte[ProduceResponseWriter.SizeOfResponse(3, 1) + ProduceResponseWriter.SizeOfTopic(3, 1, 1)
            + ProduceResponseWriter.SizeOfPartition(3, result)];
        var writer = new ProduceResponseWriter(bytes, 3, 1);
        writer.Topic("t"u8, default, 1);
        writer.Partition(result);
        writer.End(5);
        Assert.Equal(bytes.Length, writer.Position);
        var back = (ProduceResponse)Bytes.Read(MessageCatalog.Named("ProduceResponse"), bytes, 3);
        Assert.Equal(("t", 5), (back.Responses[0].Name, back.ThrottleTimeMs));
    }

    [Fact]
    public void Writers_allocate_nothing()
    {
        var buffer = new byte[500];
        ProduceResponseNodeEndpoint[] endpoints = [new() { Host = "h" }];
        AbortedTransaction[] aborted = [new(1, 2)];
        WriteBoth();
        long before = GC.GetAllocatedBytesForCurrentThread();
        WriteBoth();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void WriteBoth()
        {
            var produce = new ProduceResponseWriter(buffer, 13, 1);
            produce.Topic(default, default, 1);
            produce.Partition(new ProduceResult { ErrorMessage = "e", CurrentLeader = (1, 2) });
            produce.End(0, endpoints);
            var fetch = new FetchResponseWriter(buffer, 18, 0, ErrorCode.None, 0, 1);
            fetch.Topic(default, default, 1);
            fetch.Partition(new FetchResult { AbortedTransactions = aborted, DivergingEpoch = (1, 2) });
            fetch.End();
        }
    }

    static byte[] WriteProduce(ProduceResponse response, short version)
    {
        int size = ProduceResponseWriter.SizeOfResponse(version, response.Responses.Length, response.NodeEndpoints);
        foreach (ProduceResponseTopic topic in response.Responses)
        {
            size += ProduceResponseWriter.SizeOfTopic(
                version, Encoding.UTF8.GetByteCount(topic.Name), topic.PartitionResponses.Length);
            foreach (ProduceResponsePartition p in topic.PartitionResponses)
                size += ProduceResponseWriter.SizeOfPartition(version, Result(p));
        }

        var bytes = new byte[size];
        var writer = new ProduceResponseWriter(bytes, version, response.Responses.Length);
        foreach (ProduceResponseTopic topic in response.Responses)
        {
            writer.Topic(Encoding.UTF8.GetBytes(topic.Name), topic.TopicId, topic.PartitionResponses.Length);
            foreach (ProduceResponsePartition p in topic.PartitionResponses) writer.Partition(Result(p));
        }

        writer.End(response.ThrottleTimeMs, response.NodeEndpoints);
        Assert.Equal(size, writer.Position);
        return bytes;
    }

    static byte[] WriteFetch(FetchResponse response, short version)
    {
        int size = FetchResponseWriter.SizeOfResponse(version, response.Responses.Length, response.NodeEndpoints);
        foreach (FetchResponseTopic topic in response.Responses)
        {
            size += FetchResponseWriter.SizeOfTopic(
                version, Encoding.UTF8.GetByteCount(topic.Topic), topic.Partitions.Length);
            foreach (FetchResponsePartition p in topic.Partitions)
                size += FetchResponseWriter.SizeOfPartition(version, Result(p));
        }

        var bytes = new byte[size];
        var gaps = new List<(int At, ReadOnlyMemory<byte> Records)>();
        var writer = new FetchResponseWriter(
            bytes, version, response.ThrottleTimeMs, response.ErrorCode, response.SessionId, response.Responses.Length);
        foreach (FetchResponseTopic topic in response.Responses)
        {
            writer.Topic(Encoding.UTF8.GetBytes(topic.Topic), topic.TopicId, topic.Partitions.Length);
            foreach (FetchResponsePartition p in topic.Partitions)
                gaps.Add((writer.Partition(Result(p)), p.Records ?? ReadOnlyMemory<byte>.Empty));
        }

        writer.End(response.NodeEndpoints);
        Assert.Equal(size, writer.Position);

        List<byte> whole = [];
        int sent = 0;
        foreach ((int at, ReadOnlyMemory<byte> records) in gaps)
        {
            whole.AddRange(bytes[sent..at]);
            whole.AddRange(records.Span);
            sent = at;
        }

        whole.AddRange(bytes[sent..]);
        return [.. whole];
    }

    static ProduceResult Result(ProduceResponsePartition p) => new()
    {
        Index = p.Index,
        ErrorCode = p.ErrorCode,
        BaseOffset = p.BaseOffset,
        LogAppendTimeMs = p.LogAppendTimeMs,
        LogStartOffset = p.LogStartOffset,
        RecordErrors = p.RecordErrors.Length == 0 ? null : p.RecordErrors,
        ErrorMessage = p.ErrorMessage,
        CurrentLeader = p.CurrentLeader is { } l ? (l.LeaderId, l.LeaderEpoch) : null,
    };

    static FetchResult Result(FetchResponsePartition p) => new()
    {
        Index = p.PartitionIndex,
        ErrorCode = p.ErrorCode,
        HighWatermark = p.HighWatermark,
        LastStableOffset = p.LastStableOffset,
        LogStartOffset = p.LogStartOffset,
        AbortedTransactions = p.AbortedTransactions is { } list
            ? [.. list.Select(a => new AbortedTransaction(a.ProducerId, a.FirstOffset))]
            : null,
        PreferredReadReplica = p.PreferredReadReplica,
        RecordsLength = p.Records?.Length ?? -1,
        DivergingEpoch = p.DivergingEpoch is { } d ? (d.Epoch, d.EndOffset) : null,
        CurrentLeader = p.CurrentLeader is { } l ? (l.LeaderId, l.LeaderEpoch) : null,
        SnapshotId = p.SnapshotId is { } s ? (s.EndOffset, s.Epoch) : null,
    };

    /// <summary>
    /// Golden lines but those with unknown tags, which nobody writes on purpose, and random messages.
    /// </summary>
    static IEnumerable<(IMessage Message, short Version, string Told)> Inputs(string name)
    {
        MessageEntry entry = MessageCatalog.Named(name);
        foreach (var line in GoldenFiles.Lines("messages.jsonl.gz"))
        {
            if (line.GetProperty("name").GetString() != name || line.TryGetProperty("unknownTags", out _)) continue;
            string hex = line.GetProperty("hex").GetString()!;
            short version = line.GetProperty("version").GetInt16();
            yield return (Bytes.Read(entry, Convert.FromHexString(hex), version), version, $"golden v{version} {hex}");
        }

        foreach (short version in entry.EachVersion)
        {
            for (int run = 0; run < PerVersion * Seeds.Runs; run++)
            {
                IMessage message = new MessageSamples(Seeds.For(name, version, run)).Next(entry, version);
                yield return (message, version, $"v{version} run {run}; {Seeds.Told}");
            }
        }
    }
}
