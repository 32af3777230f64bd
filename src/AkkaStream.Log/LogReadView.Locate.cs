using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log;

/// <summary>From an offset to bytes: the read path. On the caller's thread, without locks.</summary>
public sealed partial class LogReadView
{
    const int ScanBytes = 4096;

    Bound? _bound;

    /// <summary>
    /// The bytes from the batch that holds <paramref name="from"/> up to, not including, the batch that holds <paramref name="upTo"/> (the high
    /// watermark, the last stable offset or the log's end). At most <paramref name="maxBytes"/>, but the whole first batch when
    /// <paramref name="atLeastOneBatch"/>. One segment at a time: the next call gets the next.
    /// </summary>
    public LocateOutcome Locate(
        Offset from, Offset upTo, int maxBytes, bool atLeastOneBatch, ReadMode mode, out LogSlice slice)
    {
        slice = default;
        if (from < StartOffset || from > EndOffset) return LocateOutcome.OutOfRange;
        if (from >= upTo || from == EndOffset) return LocateOutcome.AtEnd;
        try
        {
            var outcome = FindBound(upTo.Value, mode, out var bound);
            if (outcome != LocateOutcome.Found) return Blame(outcome, bound, out slice);
            outcome = FindStart(from.Value, mode, out var start);
            if (outcome != LocateOutcome.Found) return Blame(outcome, start, out slice);
            return Cut(start, bound, maxBytes, atLeastOneBatch, mode, out slice);
        }
        catch (FileNotFoundException)
        {
            return LocateOutcome.Stale;
        }
    }

    LocateOutcome Cut(in Place start, in Place bound, int maxBytes, bool atLeastOneBatch, ReadMode mode, out LogSlice slice)
    {
        slice = default;
        int limit = start.Segment < bound.Segment ? SizeOf(start.Segment) : start.Segment == bound.Segment ? bound.Position : 0;
        int available = limit - start.Position;
        if (available <= 0) return LocateOutcome.AtEnd;
        int length = Math.Min(available, Math.Max(maxBytes, 0));
        if (length < available)
        {
            int first = start.BatchSize;
            if (first == 0)
            {
                var outcome = ReadHeader(start, mode, out first);
                if (outcome != LocateOutcome.Found) return Blame(outcome, start, out slice);
            }
            if (first > length)
            {
                if (!atLeastOneBatch) return LocateOutcome.FirstBatchTooLarge;
                length = first;
            }
        }
        if (Damage.Length > 0 && !IsSound(start, ref length)) return Blame(LocateOutcome.Damaged, start, out slice);
        slice = SliceAt(start, length);
        return LocateOutcome.Found;
    }

    /// <summary>False when it begins where the log is damaged; what reaches into such a place is cut short before it.</summary>
    bool IsSound(in Place start, ref int length)
    {
        var file = Segments[start.Segment].LogFile;
        foreach (var damage in Damage)
        {
            if (damage.File != file || damage.To <= start.Position) continue;
            if (damage.From <= start.Position) return false;
            length = Math.Min(length, damage.From - start.Position);
        }
        return true;
    }

    LocateOutcome FindBound(long upTo, ReadMode mode, out Place bound)
    {
        bound = new Place(Segments.Length - 1, EndPosition, 0);
        if (upTo >= EndOffset.Value) return LocateOutcome.Found;
        if (_bound is { } known && known.Offset == upTo)
        {
            bound = known.Place;
            return LocateOutcome.Found;
        }
        var outcome = FindStart(upTo, mode, out bound);
        if (outcome == LocateOutcome.AtEnd) outcome = LocateOutcome.Found;
        if (outcome == LocateOutcome.Found) _bound = new Bound(upTo, bound);
        return outcome;
    }

    /// <summary>The first batch whose last offset is at or above this one.</summary>
    LocateOutcome FindStart(long offset, ReadMode mode, out Place place)
    {
        int segment = FloorSegment(offset);
        var outcome = FindIn(segment, offset, mode, out place);

        // Compaction may have taken the end of a segment: the first batch of the next one that has any follows then.
        while (outcome == LocateOutcome.AtEnd && ++segment < Segments.Length)
        {
            place = new Place(segment, 0, 0);
            if (SizeOf(segment) > 0) return LocateOutcome.Found;
        }
        return outcome;
    }

    LocateOutcome FindIn(int index, long offset, ReadMode mode, out Place place)
    {
        if (offset == TailOffset && index == Segments.Length - 1)
        {
            place = new Place(index, TailPosition, 0);
            return LocateOutcome.Found;
        }
        var segment = Segments[index];
        place = new Place(index, 0, 0);
        if (!segment.Offsets.TryFindFloor(offset, mode, out var entry)) return LocateOutcome.WouldWait;
        if ((uint)entry.Position >= (uint)SizeOf(index)) return WalkTo(index, 0, long.MaxValue, offset, mode, out place);
        var outcome = WalkTo(index, entry.Position, entry.Offset, offset, mode, out place);

        // An index that points to no batch, or to another than it says, is damaged; the log need not be: the long way round finds out.
        bool misled = outcome == LocateOutcome.Damaged && entry.Position > 0 && place.Position == entry.Position;
        return misled ? WalkTo(index, 0, long.MaxValue, offset, mode, out place) : outcome;
    }

    /// <summary>The first batch behind the index entry must begin at or before <paramref name="atMost"/>, as the entry says.</summary>
    LocateOutcome WalkTo(int index, int from, long atMost, long offset, ReadMode mode, out Place place)
    {
        int end = SizeOf(index);
        place = new Place(index, from, 0);
        if (!Segments[index].LogFile.TryLease(out var lease)) return LocateOutcome.Stale;
        using (lease)
        {
            Span<byte> buffer = stackalloc byte[ScanBytes];
            var scanner = new BatchScanner(lease.File, from, end, buffer, mode);
            while (true)
            {
                place = new Place(index, scanner.Position, 0);
                switch (scanner.Next(out var header))
                {
                    case ScanResult.Batch when header.Position == from && from > 0 && header.BaseOffset > atMost: return LocateOutcome.Damaged;
                    case ScanResult.Batch when header.LastOffset >= offset:
                        place = new Place(index, header.Position, header.Size);
                        return LocateOutcome.Found;
                    case ScanResult.Batch when header.NextOffset == offset && scanner.Position < end:
                        place = new Place(index, scanner.Position, 0);
                        return LocateOutcome.Found;
                    case ScanResult.Batch: continue;
                    case ScanResult.End: return LocateOutcome.AtEnd;
                    case ScanResult.WouldWait: return LocateOutcome.WouldWait;
                    default: return LocateOutcome.Damaged;
                }
            }
        }
    }

    LocateOutcome ReadHeader(in Place place, ReadMode mode, out int size)
    {
        size = 0;
        if (!Segments[place.Segment].LogFile.TryLease(out var lease)) return LocateOutcome.Stale;
        using (lease)
        {
            Span<byte> buffer = stackalloc byte[BatchScanner.SmallestBuffer];
            var scanner = new BatchScanner(lease.File, place.Position, SizeOf(place.Segment), buffer, mode);
            var result = scanner.Next(out var header);
            size = header.Size;
            return result == ScanResult.Batch ? LocateOutcome.Found
                : result == ScanResult.WouldWait ? LocateOutcome.WouldWait
                : LocateOutcome.Damaged;
        }
    }

    LogSlice SliceAt(in Place place, int length) =>
        new(Segments[place.Segment].LogFile, place.Position, length, new Offset(Segments[place.Segment].BaseOffset));

    LocateOutcome Blame(LocateOutcome outcome, in Place place, out LogSlice slice)
    {
        slice = outcome == LocateOutcome.Damaged ? SliceAt(place, 0) : default;
        return outcome;
    }

    /// <summary>A batch's beginning; the size is 0 when its header was not looked at.</summary>
    readonly record struct Place(int Segment, int Position, int BatchSize);

    /// <summary>Where an upper bound lies: looked up once for a view, as most readers share the same high watermark.</summary>
    sealed record Bound(long Offset, Place Place);
}
