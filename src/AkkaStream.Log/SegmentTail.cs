using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log;

/// <summary>What the writer must know of the last segment before it can go on: where it ends, and what its indexes do not say yet.</summary>
static class SegmentTail
{
    /// <summary>
    /// Walks from the last index entry to the end. Null when all fits together; <paramref name="end"/> is the offset that the next record
    /// gets.
    /// </summary>
    public static string? Load(Segment segment, Span<byte> buffer, out long end)
    {
        end = segment.BaseOffset;
        int entries = segment.Offsets.Count;
        var start = entries == 0 ? new OffsetPosition(segment.BaseOffset, 0) : segment.Offsets.Read(entries - 1);
        if (entries > 0 && (start.Position <= 0 || start.Position >= segment.Size)) return "the offset index points behind the log.";
        segment.LargestTimestamp = segment.Times.Last;
        segment.BytesSinceIndexEntry = 0;
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, start.Position, segment.Size, buffer);
        ScanResult result;
        while ((result = scanner.Next(out var header)) == ScanResult.Batch)
        {
            bool fits = header.BaseOffset >= end && (entries == 0 || header.Position > start.Position || header.BaseOffset <= start.Offset);
            if (!fits) return $"the batch at byte {header.Position} begins at offset {header.BaseOffset}, where {end} or more was expected.";
            NoteTimestamp(segment, header);
            segment.BytesSinceIndexEntry += header.Size;
            end = header.NextOffset;
        }
        return result == ScanResult.End ? null : scanner.Problem ?? "the last batch is not there in full.";
    }

    /// <summary>
    /// Counts a batch that was written: the index entries are made exactly where Kafka makes them, so that an index that was
    /// lost and rebuilt is the same as before.
    /// </summary>
    public static void Note(Segment segment, in BatchHeader header, int indexIntervalBytes)
    {
        NoteTimestamp(segment, header);
        if (segment.BytesSinceIndexEntry > indexIntervalBytes)
        {
            segment.Times.MaybeAppend(segment.LargestTimestamp ?? TimestampOffset.None(segment.BaseOffset));
            segment.Offsets.Append(new OffsetPosition(header.LastOffset, header.Position));
            segment.BytesSinceIndexEntry = 0;
        }
        segment.BytesSinceIndexEntry += header.Size;
    }

    /// <summary>What the time index does not tell, as it lost its end or was cut, the heads of the batches do: up to this position.</summary>
    public static void FindLargestTimestamp(Segment segment, int upTo, Span<byte> buffer)
    {
        using var lease = segment.LogFile.Lease();
        int from = segment.FloorPosition(segment.Times.Last.Offset, segment.Size, lease.File, buffer);
        var scanner = new BatchScanner(lease.File, from, upTo, buffer);
        while (scanner.Next(out var header) == ScanResult.Batch) NoteTimestamp(segment, header);
    }

    static void NoteTimestamp(Segment segment, in BatchHeader header)
    {
        segment.FirstTimestamp ??= header.Position == 0 ? header.MaxTimestamp : null;
        var largest = segment.LargestTimestamp ?? TimestampOffset.None(segment.BaseOffset);
        segment.LargestTimestamp = header.MaxTimestamp > largest.Timestamp
            ? new TimestampOffset(header.MaxTimestamp, header.LastOffset)
            : largest;
    }

    /// <summary>The largest timestamp of the first batch, which the age of the segment counts from; -1 without one.</summary>
    public static long FirstTimestamp(Segment segment)
    {
        if (segment.FirstTimestamp is { } known) return known;
        if (segment.Size == 0) return -1;
        Span<byte> buffer = stackalloc byte[BatchScanner.SmallestBuffer];
        using var lease = segment.LogFile.Lease();
        var scanner = new BatchScanner(lease.File, 0, segment.Size, buffer);
        long first = scanner.Next(out var header) == ScanResult.Batch ? header.MaxTimestamp : -1;
        segment.FirstTimestamp = first;
        return first;
    }
}

/// <summary>A new segment's files.</summary>
static class SegmentStart
{
    /// <summary>All or nothing: what was made is taken back when one of them cannot be.</summary>
    public static Segment Create(SegmentFiles files, string directory, long baseOffset, long nowMs)
    {
        var segment = new Segment(files, directory, baseOffset, nowMs, SegmentSizes.None) { LargestTimestamp = TimestampOffset.None(baseOffset) };
        try
        {
            foreach (var file in segment.Files) file.Create().Dispose();
            return segment;
        }
        catch (IOException)
        {
            foreach (var file in segment.Files)
            {
                file.Doom();
                files.Disk.DeleteFile(file.Path);
            }
            throw;
        }
    }
}
