using System.Text;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Tests.Support;

/// <summary>One record as a consumer gets it.</summary>
sealed record ReadRecord(long Offset, long Timestamp, string? Key, string? Value, int Epoch, bool IsControl, long ProducerId, bool IsTransactional);

/// <summary>Reads as a consumer does: locate, lease, read, walk.</summary>
static class LogReading
{
    public static List<ReadRecord> ReadAll(LogReadView view, Offset? upTo = null, int maxBytes = 1000, ReadMode mode = ReadMode.MayWait)
    {
        var records = new List<ReadRecord>();
        var bound = upTo ?? view.EndOffset;
        for (var from = view.StartOffset; from < bound;)
        {
            byte[]? bytes = ReadOnce(view, from, bound, maxBytes, mode);
            if (bytes == null) break;
            var next = from;
            foreach (var batch in Split(bytes)) next = Take(bytes.AsSpan(batch), from, records);
            Assert.True(next > from, $"no progress at {from}");
            from = next;
        }
        return records;
    }

    public static List<byte[]> ReadBatches(LogReadView view, int maxBytes = 1000)
    {
        var batches = new List<byte[]>();
        for (var from = view.StartOffset; ReadOnce(view, from, view.EndOffset, maxBytes) is { } bytes;)
        {
            batches.AddRange(Split(bytes).Select(range => bytes[range]));
            from = new Offset(new RecordBatch(batches[^1]).NextOffset);
        }
        return batches;
    }

    /// <summary>Null at the end.</summary>
    public static byte[]? ReadOnce(LogReadView view, Offset from, Offset upTo, int maxBytes, ReadMode mode = ReadMode.MayWait)
    {
        var outcome = view.Locate(from, upTo, maxBytes, atLeastOneBatch: true, mode, out var slice);
        if (outcome == LocateOutcome.AtEnd) return null;
        Assert.Equal(LocateOutcome.Found, outcome);
        Assert.True(slice.TryLease(out var lease));
        using (lease)
        {
            byte[] bytes = new byte[slice.Length];
            Assert.Equal(bytes.Length, lease.File.Read(bytes, slice.Position));
            return bytes;
        }
    }

    /// <summary>The whole batches; what is cut off at the end is left out.</summary>
    public static List<Range> Split(byte[] bytes)
    {
        var batches = new List<Range>();
        for (int at = 0; bytes.Length - at >= RecordBatch.HeaderLength;)
        {
            long size = new RecordBatch(bytes.AsSpan(at)).SizeInBytes;
            if (size < RecordBatch.HeaderLength || size > bytes.Length - at) break;
            batches.Add(at..(at + (int)size));
            at += (int)size;
        }
        return batches;
    }

    static Offset Take(ReadOnlySpan<byte> bytes, Offset from, List<ReadRecord> into)
    {
        var batch = new RecordBatch(bytes);
        Assert.Equal(batch.Crc, Crc32C.Compute(bytes[RecordBatch.CrcStart..]));
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        Assert.True(plain.Fault == RecordFault.None, plain.Reason);
        var reader = new RecordReader(batch, plain.Bytes);
        while (reader.Read(out var record))
        {
            if (record.Offset < from.Value) continue;
            into.Add(new ReadRecord(
                record.Offset, record.Timestamp, record.HasKey ? Encoding.UTF8.GetString(record.Key) : null,
                record.HasValue ? Encoding.UTF8.GetString(record.Value) : null, batch.PartitionLeaderEpoch, batch.IsControl, batch.ProducerId,
                batch.IsTransactional));
        }
        Assert.Equal(RecordFault.None, reader.Fault);
        return new Offset(batch.NextOffset);
    }
}
