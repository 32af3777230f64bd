using System.Buffers.Binary;
using System.Text;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Benchmarks.Load;

/// <summary>Requests made once and sent many times: the load costs next to nothing itself.</summary>
static class ReadyRequests
{
    const short ProduceVersion = 8, FetchVersion = 11;

    /// <summary>A batch of so many equal records; about as many bytes as asked for where the count is not given.</summary>
    public static byte[] Batch(int recordBytes, int count)
    {
        var records = new List<byte>();
        var value = new byte[recordBytes];
        var random = new Random(recordBytes * 31 + count);
        for (int i = 0; i < value.Length; i++) value[i] = (byte)("abcdefghijklmnopqrstuvwxyz 0123456789"[random.Next(37)]);
        var one = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            one.Clear();
            one.Add(0); // attributes
            Varint(one, 0); // timestamp delta
            Varint(one, i); // offset delta
            Varint(one, -1); // no key
            Varint(one, value.Length);
            one.AddRange(value);
            Varint(one, 0); // no headers
            Varint(records, one.Count);
            records.AddRange(one);
        }
        var batch = new byte[RecordBatch.HeaderLength + records.Count];
        records.CopyTo(batch, RecordBatch.HeaderLength);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), count - 1);
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), now);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), now);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), -1);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), -1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), -1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), count);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Compute(batch.AsSpan(21)));
        return batch;
    }

    /// <summary>One batch of about so many bytes, of records of 1 KB or less.</summary>
    public static byte[] BatchOfSize(int bytes)
    {
        int record = Math.Min(1_000, bytes - RecordBatch.HeaderLength - 10);
        int count = Math.Max(1, (bytes - RecordBatch.HeaderLength) / (record + 8));
        return Batch(record, count);
    }

    public static byte[] Produce(string topic, int partition, byte[] batch, short acks = -1) => RawClient.Framed(new ProduceRequest
    {
        Acks = acks,
        TimeoutMs = 30_000,
        TopicData = [new ProduceRequestTopic { Name = topic, PartitionData = [new ProduceRequestPartition { Index = partition, Records = batch }] }],
    }, ProduceVersion);

    /// <summary>The frame, and where in it the fetch offset stands.</summary>
    public static (byte[] Frame, int OffsetAt) Fetch(string topic, int partition, int maxBytes, int maxWaitMs, int minBytes)
    {
        byte[] Frame(long offset) => RawClient.Framed(new FetchRequest
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = minBytes,
            MaxBytes = Math.Max(maxBytes, 1 << 20),
            SessionEpoch = -1,
            Topics =
            [
                new FetchRequestTopic
                {
                    Topic = topic,
                    Partitions = [new FetchRequestPartition { Partition = partition, FetchOffset = offset, PartitionMaxBytes = maxBytes }],
                },
            ],
        }, FetchVersion);
        byte[] zero = Frame(0), ones = Frame(-1);
        int at = 0;
        while (zero[at] == ones[at]) at++;
        return (zero, at);
    }

    /// <summary>Where in a Fetch v11 response for one partition the error code and the length of the records stand.</summary>
    public static (int ErrorAt, int RecordsLengthAt) FetchResponseLayout(string topic)
    {
        int partition = 4 + 4 + 2 + 4 + 4 + 2 + Encoding.UTF8.GetByteCount(topic) + 4;
        return (partition + 4, partition + 4 + 2 + 8 + 8 + 8 + 4 + 4);
    }

    static void Varint(List<byte> to, long value)
    {
        ulong zigzag = (ulong)(value << 1 ^ value >> 63);
        for (; zigzag >= 0x80; zigzag >>= 7) to.Add((byte)(zigzag | 0x80));
        to.Add((byte)zigzag);
    }
}
