using System.Buffers.Binary;
using AkkaStream.Log.Files;

namespace AkkaStream.Log.Indexes;

/// <summary>The largest timestamp up to a place in the log, and the last offset of the batch that holds it.</summary>
readonly record struct TimestampOffset(long Timestamp, long Offset)
{
    /// <summary>Largest of nothing.</summary>
    public static TimestampOffset None(long baseOffset) => new(-1, baseOffset);
}

/// <summary>
/// The `.timeindex` file: timestamp (8 bytes), offset relative to the segment's first (4 bytes). An entry says that no record before its
/// offset is newer; timestamps and offsets both rise. Written beside each offset index entry when the largest timestamp has
/// grown, and at the end of the segment.
/// </summary>
sealed class TimeIndex(SegmentFile file, long baseOffset, int entriesInFile)
{
    public const int EntryBytes = 12;
    const int BlockEntries = 64;

    readonly IndexFile _entries = new(file, EntryBytes, entriesInFile, BlockEntries);
    TimestampOffset? _last;

    public SegmentFile File => file;
    public int Count => _entries.Count;

    /// <summary>Reads it from the file the first time; the writer's thread only.</summary>
    public TimestampOffset Last
    {
        get
        {
            _last ??= Count == 0 ? TimestampOffset.None(baseOffset) : Read(Count - 1);
            return _last.Value;
        }
    }

    /// <summary>Nothing happens unless the timestamp has grown.</summary>
    public void MaybeAppend(TimestampOffset entry)
    {
        if (entry.Timestamp <= Last.Timestamp) return;
        Span<byte> bytes = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, entry.Timestamp);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], (int)(entry.Offset - baseOffset));
        _entries.Append(bytes);
        _last = entry;
    }

    public void WriteOut() => _entries.WriteOut();

    public TimestampOffset Read(int index)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        _entries.TryRead(index, bytes, ReadMode.MayWait);
        return Decode(bytes);
    }

    /// <summary>The last entry with a timestamp at or below this one: the search for the timestamp may begin at its offset.</summary>
    public bool TryFindFloor(long timestamp, ReadMode mode, out TimestampOffset entry)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        var found = _entries.LastCovered(new TimestampAtMost(timestamp), mode, bytes, out _);
        entry = found == IndexLookup.Found ? Decode(bytes) : TimestampOffset.None(baseOffset);
        return found != IndexLookup.WouldWait;
    }

    /// <summary>Forgets entries at or above this offset.</summary>
    public void CutTo(long offset)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        int relative = (int)Math.Min(offset - baseOffset - 1, int.MaxValue);
        _entries.LastCovered(new OffsetAtMost(relative), ReadMode.MayWait, bytes, out int index);
        CutToCount(index + 1);
    }

    public void CutToCount(int entries)
    {
        _entries.Cut(entries);
        _last = null;
    }

    TimestampOffset Decode(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes[8..]));

    readonly struct TimestampAtMost(long timestamp) : IIndexProbe
    {
        public bool Covers(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64BigEndian(entry) <= timestamp;
    }

    readonly struct OffsetAtMost(int relative) : IIndexProbe
    {
        public bool Covers(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry[8..]) <= relative;
    }
}
