using System.Buffers.Binary;
using AkkaStream.Log.Files;

namespace AkkaStream.Log.Indexes;

/// <summary>An aborted transaction: readers of committed data skip this producer's records between the two offsets.</summary>
/// <param name="ProducerId">Who aborted.</param>
/// <param name="FirstOffset">The first record of the transaction.</param>
/// <param name="LastOffset">The marker that ended it.</param>
/// <param name="LastStableOffset">The last stable offset once this one was over: later aborts do not reach below it.</param>
public readonly record struct AbortedTransaction(long ProducerId, Offset FirstOffset, Offset LastOffset, Offset LastStableOffset);

/// <summary>
/// The `.txnindex` file, there only when a transaction was aborted in the segment: version, producer id, first offset, marker's offset, last
/// stable offset. With -1 entries there is no file yet. Written through at each abort, for a reader of committed data must not miss one. Ordered
/// by the marker's offset.
/// </summary>
sealed class TransactionIndex(SegmentFile file, int entriesInFile)
{
    public const int EntryBytes = 34;
    const short Version = 0;

    IndexFile _entries = new(file, EntryBytes, Math.Max(entriesInFile, 0), blockEntries: 1);
    bool _exists = entriesInFile >= 0;

    public SegmentFile File => file;
    public int Count => _entries.Count;
    public bool Exists => _exists;

    public void Append(in AbortedTransaction aborted)
    {
        if (!_exists)
        {
            file.Create().Dispose();
            _exists = true;
        }
        Span<byte> bytes = stackalloc byte[EntryBytes];
        Encode(aborted, bytes);
        _entries.Append(bytes);
        _entries.WriteOut();
    }

    /// <summary>These instead of all there are, durable when it returns; nothing is written when they are the same. Not while others read.</summary>
    public void ReplaceWith(ReadOnlySpan<AbortedTransaction> all)
    {
        if (all.Length == 0 && !_exists) return;
        byte[] content = new byte[all.Length * EntryBytes];
        for (int i = 0; i < all.Length; i++) Encode(all[i], content.AsSpan(i * EntryBytes));
        if (_exists && file.Holds(content)) return;
        file.Replace(content);
        _entries = new IndexFile(file, EntryBytes, all.Length, blockEntries: 1);
        _exists = true;
    }

    public AbortedTransaction Read(int index)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        _entries.TryRead(index, bytes, ReadMode.MayWait);
        return Decode(bytes);
    }

    /// <summary>
    /// Adds the transactions that touch the range. False when a later segment may hold more of them; true when what was found here
    /// proves that none can.
    /// </summary>
    public bool Collect(Offset from, Offset upTo, List<AbortedTransaction> into)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        _entries.LastCovered(new EndsBefore(from.Value), ReadMode.MayWait, bytes, out int before);
        for (int i = before + 1; i < Count; i++)
        {
            var aborted = Read(i);
            if (aborted.FirstOffset < upTo) into.Add(aborted);
            if (aborted.LastStableOffset >= upTo) return true;
        }
        return false;
    }

    /// <summary>Forgets transactions whose marker is at or above this offset.</summary>
    public void CutTo(long offset)
    {
        if (!_exists) return;
        Span<byte> bytes = stackalloc byte[EntryBytes];
        _entries.LastCovered(new EndsBefore(offset), ReadMode.MayWait, bytes, out int before);
        _entries.Cut(before + 1);
    }

    /// <summary>Null when the bytes are no entry.</summary>
    public static AbortedTransaction? TryDecode(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadInt16BigEndian(bytes) == Version ? Decode(bytes) : null;

    static void Encode(in AbortedTransaction aborted, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], aborted.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], aborted.FirstOffset.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes[18..], aborted.LastOffset.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes[26..], aborted.LastStableOffset.Value);
    }

    static AbortedTransaction Decode(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
        new Offset(BinaryPrimitives.ReadInt64BigEndian(bytes[10..])),
        new Offset(BinaryPrimitives.ReadInt64BigEndian(bytes[18..])),
        new Offset(BinaryPrimitives.ReadInt64BigEndian(bytes[26..])));

    readonly struct EndsBefore(long offset) : IIndexProbe
    {
        public bool Covers(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64BigEndian(entry[18..]) < offset;
    }
}
