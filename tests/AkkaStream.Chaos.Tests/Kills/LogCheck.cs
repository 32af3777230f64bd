using System.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>
/// Reads a whole partition and compares it with its writer's ledger: every acknowledged record where it was said to lie, no offset twice and
/// none left out, leader epochs that do not go back, from an idempotent writer every record once and in order, from others no record twice.
/// </summary>
static class LogCheck
{
    public static async Task EndIsNotBehindAsync(WireClient client, string topic, Writer writer)
    {
        var said = await Patiently.AskAsync(
            async () => (await client.AskAsync(new ListOffsetsRequest
            {
                ReplicaId = -1,
                Topics = [new ListOffsetsRequestTopic { Name = topic, Partitions = [new ListOffsetsRequestPartition { PartitionIndex = writer.Partition, Timestamp = -1 }] }],
            }, 6)).Topics[0].Partitions[0],
            answer => answer.ErrorCode == ErrorCode.None,
            answer => $"partition {writer.Partition}: {answer.ErrorCode}",
            answer => answer.ErrorCode is ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable or ErrorCode.OffsetNotAvailable);
        if (said.Offset < writer.EndOfAcknowledged)
            throw new TestFailedException($"partition {writer.Partition} ends at {said.Offset}, but offsets up to {writer.EndOfAcknowledged} were acknowledged");
    }

    public static async Task ComparesAsync(EndPoint broker, string topic, Writer writer)
    {
        await using var client = await WireClient.ConnectAsync(broker);
        var found = new Dictionary<long, List<long>>();
        var order = new List<long>();
        long next = 0;
        int epoch = 0;
        for (bool isEnd = false; !isEnd;)
        {
            var part = await FetchAsync(client, topic, writer.Partition, next);
            long from = next;
            ReadBatches(part.Records ?? default, writer, found, order, ref next, ref epoch);
            isEnd = next >= part.HighWatermark;
            if (!isEnd && next == from) throw new TestFailedException($"partition {writer.Partition}: nothing at {next}, the end is {part.HighWatermark}");
        }

        foreach (var entry in writer.Ledger.Where(e => e.Offset is not null))
        {
            for (int i = 0; i < entry.Count; i++)
            {
                var at = found.GetValueOrDefault(entry.First + i) ?? [];
                if (!at.Contains(entry.Offset!.Value + i))
                    throw new TestFailedException(
                        $"partition {writer.Partition}: record {entry.First + i} was acknowledged at {entry.Offset + i} and lies at [{string.Join(", ", at)}]");
            }
        }

        var twice = found.Where(f => f.Value.Count > 1).Select(f => f.Key).ToList();
        if (twice.Count > 0) throw new TestFailedException($"partition {writer.Partition}: records {string.Join(", ", twice.Take(40).Select(r => $"{r} (at {string.Join(" and ", found[r])})"))} are there twice");
        if (writer.IsIdempotent && !order.SequenceEqual(Enumerable.Range(0, order.Count).Select(i => (long)i)))
            throw new TestFailedException($"partition {writer.Partition}: an idempotent writer's records have a gap or another order");
    }

    static async Task<FetchResponsePartition> FetchAsync(WireClient client, string topic, int partition, long offset)
    {
        var answer = await client.AskAsync(new FetchRequest
        {
            MaxWaitMs = 0, MinBytes = 0,
            Topics = [new FetchRequestTopic { Topic = topic, Partitions = [new FetchRequestPartition { Partition = partition, FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
        }, 11);
        var part = answer.Responses[0].Partitions[0];
        return part.ErrorCode == ErrorCode.None ? part : throw new TestFailedException($"fetch from partition {partition} at {offset}: {part.ErrorCode}");
    }

    static void ReadBatches(
        ReadOnlyMemory<byte> records, Writer writer, Dictionary<long, List<long>> found, List<long> order, ref long next, ref int epoch)
    {
        var rest = records.Span;
        while (rest.Length >= RecordBatch.HeaderLength && new RecordBatch(rest).SizeInBytes <= rest.Length)
        {
            var batch = new RecordBatch(rest[..(int)new RecordBatch(rest).SizeInBytes]);
            rest = rest[batch.Bytes.Length..];
            if (batch.LastOffset < next) continue;
            if (batch.BaseOffset > next) throw new TestFailedException($"partition {writer.Partition}: from offset {next} the next batch is at {batch.BaseOffset}");
            if (batch.PartitionLeaderEpoch < epoch) throw new TestFailedException($"partition {writer.Partition}: leader epoch {batch.PartitionLeaderEpoch} after {epoch}");
            epoch = batch.PartitionLeaderEpoch;
            using var plain = PlainRecords.Open(batch.Bytes, 1 << 20);
            var reader = new RecordReader(batch, plain.Bytes);
            while (reader.Read(out var record))
            {
                if (record.Offset != next++) throw new TestFailedException($"partition {writer.Partition}: offset {record.Offset} where {next - 1} was expected");
                if (!writer.IsMine(record, out long number)) throw new TestFailedException($"partition {writer.Partition}: the record at {record.Offset} has other bytes");
                if (!found.TryGetValue(number, out var at)) found[number] = at = [];
                at.Add(record.Offset);
                order.Add(number);
            }

            if (reader.Fault != RecordFault.None) throw new TestFailedException($"partition {writer.Partition}, batch at {batch.BaseOffset}: {reader.Fault}");
        }
    }
}
