using AkkaStream.Log.Indexes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>An offset found by time. Unknown in all parts when there is none.</summary>
public readonly record struct TimestampLookup(Offset Offset, long Timestamp, LeaderEpoch Epoch)
{
    public static readonly TimestampLookup None = new(Offset.Unknown, RecordBatch.NoTimestamp, LeaderEpoch.Unknown);
}

/// <summary>The times that ListOffsets gives a meaning of their own.</summary>
public static class ListOffsetsTime
{
    public const long Latest = -1;
    public const long Earliest = -2;
    public const long MaxTimestamp = -3;
    public const long EarliestLocal = -4;
    public const long LatestTiered = -5;
    public const long EarliestPendingUpload = -6;
}

/// <summary>Look-ups by time, and for readers of committed data. They read from the disk and may wait for it: not for network threads.</summary>
public sealed partial class LogReadView
{
    /// <summary>
    /// Kafka's ListOffsets for one partition. Latest is the bound that the caller reads up to; an offset found by time at or behind the bound
    /// is none. There is no tiered storage, so the local start is the start and nothing is tiered.
    /// </summary>
    public TimestampLookup OffsetForTime(long timestamp, Offset upTo)
    {
        var found = timestamp switch
        {
            ListOffsetsTime.Latest => new TimestampLookup(upTo, RecordBatch.NoTimestamp, Epochs.Latest),
            ListOffsetsTime.Earliest or ListOffsetsTime.EarliestLocal =>
                new TimestampLookup(StartOffset, RecordBatch.NoTimestamp, Epochs.EpochAt(StartOffset)),
            ListOffsetsTime.MaxTimestamp => LargestTimestamp(),
            < 0 => TimestampLookup.None,
            _ => FirstAtOrAfter(timestamp),
        };
        bool byTime = timestamp is >= 0 or ListOffsetsTime.MaxTimestamp;
        return byTime && found.Offset >= upTo ? TimestampLookup.None : found;
    }

    /// <summary>
    /// The aborted transactions that a reader of this slice must know. Reaches a little beyond the slice rather than short of it.
    /// </summary>
    public IReadOnlyList<AbortedTransaction> AbortedIn(in LogSlice slice, Offset from)
    {
        int first = FloorSegment(slice.SegmentBase.Value);
        if (!Segments.AsSpan(first).ContainsTransactions()) return [];
        var found = new List<AbortedTransaction>();
        CollectAborted(first, from, UpperBound(first, slice.Position + slice.Length), found);
        return found;
    }

    /// <summary>The aborted transactions with records in the range, for those who know the offsets.</summary>
    public IReadOnlyList<AbortedTransaction> AbortedBetween(Offset from, Offset upTo)
    {
        var found = new List<AbortedTransaction>();
        CollectAborted(FloorSegment(from.Value), from, upTo, found);
        return found;
    }

    void CollectAborted(int segment, Offset from, Offset upTo, List<AbortedTransaction> found)
    {
        for (; segment < Segments.Length; segment++)
            if (Segments[segment].Transactions.Collect(from, upTo, found)) return;
    }

    /// <summary>An offset that nothing before this position of the segment reaches.</summary>
    Offset UpperBound(int segment, int position)
    {
        if (position < SizeOf(segment) && Segments[segment].Offsets.TryFindBehind(position, ReadMode.MayWait, out var entry) && entry != null)
            return new Offset(entry.Value.Offset + 1);
        return segment + 1 < Segments.Length ? new Offset(Segments[segment + 1].BaseOffset) : EndOffset;
    }

    internal TimestampOffset LargestOf(int segment)
    {
        if (segment == Segments.Length - 1) return LargestInLast;
        var times = Segments[segment].Times;
        return times.Count == 0 ? TimestampOffset.None(Segments[segment].BaseOffset) : times.Read(times.Count - 1);
    }

    TimestampLookup FirstAtOrAfter(long timestamp)
    {
        for (int segment = 0; segment < Segments.Length; segment++)
        {
            long largest = LargestOf(segment).Timestamp;
            bool hasTimes = largest >= 0 || segment == Segments.Length - 1;

            // Where no record carries a time Kafka takes the file's for the largest one, then finds none and looks no further.
            if (!hasTimes && Segments[segment].LastWriteMs >= timestamp) return TimestampLookup.None;
            if (largest < timestamp) continue;
            Segments[segment].Times.TryFindFloor(timestamp, ReadMode.MayWait, out var floor);
            long begin = Math.Max(floor.Offset, StartOffset.Value);
            var found = Search(segment, begin, new FirstTime(timestamp, StartOffset.Value));
            if (found != TimestampLookup.None) return found;
        }
        return TimestampLookup.None;
    }

    TimestampLookup LargestTimestamp()
    {
        int at = 0;
        for (int segment = 1; segment < Segments.Length; segment++)
            if (LargestOf(segment).Timestamp > LargestOf(at).Timestamp) at = segment;
        var largest = LargestOf(at);
        return largest.Timestamp < 0 ? TimestampLookup.None : Search(at, largest.Offset, new FirstTime(largest.Timestamp, 0));
    }

    /// <summary>From the batch at or before <paramref name="begin"/> on, the first record that is wanted.</summary>
    TimestampLookup Search(int index, long begin, FirstTime wanted)
    {
        var segment = Segments[index];
        using var lease = segment.LogFile.Lease();
        Span<byte> buffer = stackalloc byte[ScanBytes];
        var scanner = new BatchScanner(lease.File, segment.FloorPosition(begin, SizeOf(index), lease.File, buffer), SizeOf(index), buffer);
        while (true)
        {
            var result = scanner.Next(out var header);
            if (result == ScanResult.End) return TimestampLookup.None;
            if (result != ScanResult.Batch)
                throw new LogDamagedException(
                    segment.LogFile.Path, scanner.Position, scanner.Problem ?? "no batch begins here.", "Let the replica be verified.");
            if (header.MaxTimestamp < wanted.Timestamp || header.LastOffset < wanted.From) continue;
            var found = SearchBatch(segment, lease.File, header, wanted);
            if (found != TimestampLookup.None) return found;
        }
    }

    static TimestampLookup SearchBatch(Segment segment, Files.ILogFile file, in BatchHeader header, FirstTime wanted)
    {
        byte[] batch = System.Buffers.ArrayPool<byte>.Shared.Rent(header.Size);
        try
        {
            file.Read(batch.AsSpan(0, header.Size), header.Position);
            using var plain = PlainRecords.Open(batch.AsSpan(0, header.Size), int.MaxValue);
            if (plain.Fault != RecordFault.None)
                throw new LogDamagedException(
                    segment.LogFile.Path, header.Position, $"{plain.Reason}.", "Let the replica be verified.");
            var reader = new RecordReader(new RecordBatch(batch), plain.Bytes);
            while (reader.Read(out var record))
                if (record.Timestamp >= wanted.Timestamp && record.Offset >= wanted.From)
                    return new TimestampLookup(new Offset(record.Offset), record.Timestamp, new LeaderEpoch(header.LeaderEpoch));
            return TimestampLookup.None;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(batch);
        }
    }

    /// <summary>The first record at or after both.</summary>
    readonly record struct FirstTime(long Timestamp, long From);
}

static class SegmentSpans
{
    public static bool ContainsTransactions(this ReadOnlySpan<Segment> segments)
    {
        foreach (var segment in segments)
            if (segment.Transactions.Count > 0) return true;
        return false;
    }

    public static bool ContainsTransactions(this Span<Segment> segments) => ((ReadOnlySpan<Segment>)segments).ContainsTransactions();
}
