using System.Buffers.Binary;
using System.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;
using Record = AkkaStream.Protocol.Records.Record;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>
/// Writes numbered records to one partition and keeps a ledger of what it was told. Several batches are under way at a time. When the
/// broker dies it does what a client does: an idempotent one sends what was not acknowledged again, in order and under the same
/// sequences; any other lets it be, and does not know whether it arrived.
/// </summary>
sealed class Writer(string topic, int partition, short acks, long? producerId, Random random)
{
    const int UnderWay = 4, MostRecords = 20, MostBytes = 2_000;
    const short Version = 9;

    static readonly TimeProvider Time = TimeProvider.System;

    long _next;

    public int Partition => partition;

    public bool IsIdempotent => producerId is not null;

    public List<LedgerEntry> Ledger { get; } = [];

    public long EndOfAcknowledged => Ledger.Where(e => e.Offset is not null).Select(e => e.Offset!.Value + e.Count).DefaultIfEmpty(0).Max();

    /// <summary>Writes until the broker is gone or <paramref name="stop"/> is completed; then waits for what is under way.</summary>
    public async Task WriteAsync(EndPoint broker, Task stop, Action acknowledged)
    {
        await using var client = await WireClient.ConnectAsync(broker);
        try
        {
            if (IsIdempotent)
                foreach (var lost in Ledger.Where(e => e.Offset is null).ToList()) await SendAsync(client, lost, acknowledged);

            // Alone: while the log is still opening some of several would be refused and later ones taken.
            await SendAsync(client, NewBatch(), acknowledged);
            var sent = new Queue<Task>();
            while (!stop.IsCompleted)
            {
                sent.Enqueue(SendAsync(client, NewBatch(), acknowledged));
                if (sent.Count >= UnderWay) await sent.Dequeue();
            }

            await Task.WhenAll(sent);
        }
        catch (WireClosedException)
        {
            // Killed: what has no offset in the ledger is not known.
        }
    }

    LedgerEntry NewBatch()
    {
        int count = random.Next(1, MostRecords + 1);
        var builder = new RecordBatchBuilder { Codec = (CompressionCodec)random.Next(5) };
        if (producerId is { } id)
        {
            builder.ProducerId = id;
            builder.ProducerEpoch = 0;
            builder.BaseSequence = (int)_next;
        }

        // Of now: a producer whose records are a day old is forgotten, as in Kafka.
        long now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < count; i++) builder.Append(now, Key(_next + i), Value(_next + i));
        var entry = new LedgerEntry(_next, count, builder.ToArray());
        _next += count;
        Ledger.Add(entry);
        return entry;
    }

    byte[] Key(long number)
    {
        var key = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(key, partition);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(4), number);
        return key;
    }

    /// <summary>The same bytes whenever they are asked for.</summary>
    byte[] Value(long number)
    {
        var value = new byte[(number * 7919 + partition) % MostBytes];
        new Random((int)number).NextBytes(value);
        return value;
    }

    public bool IsMine(in Record record, out long number)
    {
        number = record.Key.Length == 12 ? BinaryPrimitives.ReadInt64BigEndian(record.Key[4..]) : -1;
        return number >= 0 && number < _next && record.Key.SequenceEqual(Key(number)) && record.Value.SequenceEqual(Value(number));
    }

    async Task SendAsync(WireClient client, LedgerEntry entry, Action acknowledged)
    {
        // After a start the log may still be opening; nothing else may go wrong.
        var said = await Patiently.AskAsync(
            async () => (await client.AskAsync(new ProduceRequest
            {
                Acks = acks, TimeoutMs = 30_000,
                TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Index = partition, Records = entry.Batch }] }],
            }, Version)).Responses[0].PartitionResponses[0],
            answer => answer.ErrorCode == ErrorCode.None,
            answer => $"partition {partition}, records from {entry.First}: {answer.ErrorCode} {answer.ErrorMessage}",
            answer => answer.ErrorCode is ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable or ErrorCode.UnknownTopicOrPartition);
        entry.Offset = said.BaseOffset;
        acknowledged();
    }
}
