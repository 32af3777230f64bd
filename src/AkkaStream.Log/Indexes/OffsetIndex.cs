using System.Buffers.Binary;
using AkkaStream.Log.Files;

namespace AkkaStream.Log.Indexes;

/// <summary>An entry of the offset index: the last offset of a batch, and where in the file that batch begins.</summary>
readonly record struct OffsetPosition(long Offset, int Position);

/// <summary>
/// The `.index` file: offset relative to the segment's first (4 bytes), position (4 bytes). An entry about every index.interval.bytes, so a
/// look-up finds a batch at or before the wanted one and the reader walks on from there.
/// </summary>
sealed class OffsetIndex(SegmentFile file, long baseOffset, int entriesInFile)
{
    public const int EntryBytes = 8;

    /// <summary>At 16 KiB a batch this is 1 MiB of log: what a crash makes us check again at most.</summary>
    const int BlockEntries = 64;

    readonly IndexFile _entries = new(file, EntryBytes, entriesInFile, BlockEntries);

    public SegmentFile File => file;
    public int Count => _entries.Count;

    public void Append(OffsetPosition entry)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(entry.Offset - baseOffset));
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], entry.Position);
        _entries.Append(bytes);
    }

    public void WriteOut() => _entries.WriteOut();

    /// <summary>The last entry with an offset at or below this one; position 0 of the file when there is none.</summary>
    public bool TryFindFloor(long offset, ReadMode mode, out OffsetPosition entry) =>
        TryFind(new OffsetAtMost((int)Math.Min(offset - baseOffset, int.MaxValue)), mode, out entry, out _);

    /// <summary>The first entry with a position behind this one: everything before that position has offsets below the entry's.</summary>
    public bool TryFindBehind(int position, ReadMode mode, out OffsetPosition? entry)
    {
        entry = null;
        if (!TryFind(new PositionAtMost(position), mode, out _, out int index)) return false;
        if (index + 1 >= Count) return true;
        Span<byte> bytes = stackalloc byte[EntryBytes];
        if (!_entries.TryRead(index + 1, bytes, mode)) return false;
        entry = Decode(bytes);
        return true;
    }

    public OffsetPosition Read(int index)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        _entries.TryRead(index, bytes, ReadMode.MayWait);
        return Decode(bytes);
    }

    /// <summary>Forgets entries at or above this offset.</summary>
    public void CutTo(long offset)
    {
        TryFind(new OffsetAtMost((int)Math.Min(offset - baseOffset - 1, int.MaxValue)), ReadMode.MayWait, out _, out int index);
        _entries.Cut(index + 1);
    }

    public void CutToCount(int entries) => _entries.Cut(entries);

    bool TryFind<TProbe>(TProbe probe, ReadMode mode, out OffsetPosition entry, out int index) where TProbe : struct, IIndexProbe
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        var found = _entries.LastCovered(probe, mode, bytes, out index);
        entry = found == IndexLookup.Found ? Decode(bytes) : new OffsetPosition(baseOffset, 0);
        return found != IndexLookup.WouldWait;
    }

    OffsetPosition Decode(ReadOnlySpan<byte> bytes) =>
        new(baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]));

    readonly struct OffsetAtMost(int relative) : IIndexProbe
    {
        public bool Covers(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry) <= relative;
    }

    readonly struct PositionAtMost(int position) : IIndexProbe
    {
        public bool Covers(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry[4..]) <= position;
    }
}
