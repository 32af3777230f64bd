using AkkaStream.Benchmarks.Bare;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>Batches as a client made them, read back from the middle of a partition: what a bare loop has to take for the same records.</summary>
sealed class StoredBatches
{
    const int Most = 16 << 20;

    readonly List<byte[]> _batches = [];

    public static StoredBatches From(RawClient client, string topic)
    {
        var first = Fetch(client, topic, 0, 1);
        var middle = Fetch(client, topic, first.HighWatermark / 2, Most);
        var stored = new StoredBatches();
        var left = middle.Records ?? default;
        while (left.Length > RecordBatch.HeaderLength && new RecordBatch(left.Span).SizeInBytes is var size && size <= left.Length)
        {
            stored._batches.Add(left[..(int)size].ToArray());
            left = left[(int)size..];
        }
        return stored._batches.Count > 0 ? stored
            : throw new InvalidOperationException($"the middle of {topic} could not be read: {middle.ErrorCode}");
    }

    static FetchResponsePartition Fetch(RawClient client, string topic, long offset, int maxBytes) => client.Ask(new FetchRequest
    {
        MaxBytes = maxBytes,
        SessionEpoch = -1,
        Topics =
        [
            new FetchRequestTopic
            {
                Topic = topic, Partitions = [new FetchRequestPartition { Partition = 0, FetchOffset = offset, PartitionMaxBytes = maxBytes }],
            },
        ],
    }, 11).Responses[0].Partitions[0];

    long Bytes => _batches.Sum(b => (long)b.Length);

    long Records => _batches.Sum(b => (long)new RecordBatch(b).RecordCount);

    /// <summary>
    /// Seconds of a processor for a record: its bytes received, checked and written to a new file in frames of this size, decoded if they
    /// are compressed, and a step from record to record. Nobody who looks at records before keeping them can do with less.
    /// </summary>
    public double BareSecondsPerRecord(long records)
    {
        double frame = (double)Bytes / _batches.Count, recordBytes = (double)Bytes / Records;
        return LimitLine.FreshPagesSecondsPerGb(frame, (long)(records * recordBytes)) / 1e9 * recordBytes + LookSeconds() / Records;
    }

    /// <summary>For all batches once, when a first round has had the code compiled.</summary>
    double LookSeconds()
    {
        double seconds = 0;
        for (int round = 0; round < 6; round++)
        {
            if (round == 3) seconds = 0;
            foreach (byte[] batch in _batches)
            {
                s_sum += Crc32C.Compute(batch); // it has just been received and checked, and is in the processor's caches
                double begin = LimitLine.ThreadSeconds();
                s_sum += Look(batch);
                seconds += LimitLine.ThreadSeconds() - begin;
            }
        }
        return seconds / 3;
    }

    static long Look(ReadOnlySpan<byte> bytes)
    {
        var codec = new RecordBatch(bytes).Codec;
        var records = bytes[RecordBatch.HeaderLength..];
        if (codec == CompressionCodec.None) return Step(records);
        using var decoding = BatchDecompressor.Start(codec, records, int.MaxValue);
        if (decoding.TryReadAll(out var plain)) return Step(plain);
        long length = 0;
        int got;
        // A record across the border of two windows ends the steps of the first: that is too little, never too much, for what is the least.
        while ((got = decoding.Read(s_window)) > 0) length += Step(s_window.AsSpan(0, got));
        return length;
    }

    static long Step(ReadOnlySpan<byte> records)
    {
        long count = 0;
        for (int at = 0, used; at < records.Length; at += used, count++)
        {
            used = RecordVarint.TryRead(records[at..], out int length);
            if (used == 0 || length < 0) break;
            used += length;
        }
        return count;
    }

    static readonly byte[] s_window = new byte[64 << 10];
    static long s_sum;
}
