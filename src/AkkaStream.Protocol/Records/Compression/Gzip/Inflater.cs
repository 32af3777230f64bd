using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>
/// Decodes one deflate stream (RFC 1951) into a buffer that its owner slides along, and can stop wherever the buffer is
/// full. Reads nothing outside the source and writes nothing outside the buffer, whatever the bytes say.
/// </summary>
sealed unsafe class Inflater
{
    public enum Verdict
    {
        /// <summary>The buffer is full; call again after making room.</summary>
        Full,
        End,
        Truncated,
        Corrupt,
    }

    enum Inside
    {
        BetweenBlocks,
        Stored,
        Coded,
        End,
    }

    /// <summary>Room that must lie behind the limit: one longest match and what copies overrun.</summary>
    public const int Overrun = DeflateAlphabets.LongestMatch + Copies.Overrun + 8;

    const int FirstLevelBits = 11;
    const int DistanceFirstLevelBits = 8;

    // A round of the fast loop refills twice, eight bytes each time.
    const int FastInput = 16;

    // The fixed code is the same for all; nobody writes to it again.
    static readonly DeflateTable FixedLiterals = Fixed(
        new(FirstLevelBits, DeflateTable.LiteralCapacity), DeflateAlphabets.FixedLiteralLengths, DeflateAlphabets.Literals);

    static readonly DeflateTable FixedDistances = Fixed(
        new(DistanceFirstLevelBits, DeflateTable.DistanceCapacity),
        DeflateAlphabets.FixedDistanceLengths,
        DeflateAlphabets.Distances);

    readonly DeflateTable _ownLiterals = new(FirstLevelBits, DeflateTable.LiteralCapacity);
    readonly DeflateTable _ownDistances = new(DistanceFirstLevelBits, DeflateTable.DistanceCapacity);
    readonly DeflateBlockHeader _header = new();

    DeflateTable _literals = FixedLiterals;
    DeflateTable _distances = FixedDistances;
    DeflateBits _bits;
    Inside _inside;
    bool _last;
    int _stored;

    /// <summary>The first byte of the source that is not used; settled once the stream has ended.</summary>
    public int Position => _bits.At;

    public void Begin(int position)
    {
        _bits = new DeflateBits { At = position };
        _inside = Inside.BetweenBlocks;
        _last = false;
    }

    /// <summary>
    /// Goes on until <paramref name="to"/> has reached the limit, behind which there is room for <see cref="Overrun"/>.
    /// Matches may look back to <paramref name="oldest"/>.
    /// </summary>
    public Verdict Inflate(ReadOnlySpan<byte> source, byte* oldest, ref byte* to, byte* limit)
    {
        Verdict? verdict = null;
        fixed (byte* start = source)
        {
            while (verdict is null)
            {
                verdict = _inside switch
                {
                    Inside.BetweenBlocks => BeginBlock(start, source.Length),
                    Inside.Stored => CopyStored(start, source.Length, ref to, limit),
                    Inside.Coded => Decode(start, source.Length, oldest, ref to, limit),
                    _ => Verdict.End,
                };
            }
        }
        return verdict.Value;
    }

    Verdict? BeginBlock(byte* source, int length)
    {
        if (_last)
        {
            _bits.AlignToByte();
            _inside = Inside.End;
            return Verdict.End;
        }
        if (!_bits.TryTake(source, length, 3, out uint head)) return Verdict.Truncated;
        _last = (head & 1) != 0;
        switch (head >> 1)
        {
            case 0:
                _inside = Inside.Stored;
                return BeginStored(source, length);
            case 1:
                _inside = Inside.Coded;
                _literals = FixedLiterals;
                _distances = FixedDistances;
                return null;
            case 2:
                _inside = Inside.Coded;
                _literals = _ownLiterals;
                _distances = _ownDistances;
                return _header.Read(source, length, ref _bits, _literals, _distances);
            default:
                return Verdict.Corrupt;
        }
    }

    Verdict? BeginStored(byte* source, int length)
    {
        _bits.AlignToByte();
        if (length - _bits.At < 4) return Verdict.Truncated;
        uint both = Unsafe.ReadUnaligned<uint>(source + _bits.At);
        _bits.At += 4;
        _stored = (ushort)both;
        return _stored == (ushort)~(both >> 16) ? null : Verdict.Corrupt;
    }

    Verdict? CopyStored(byte* source, int length, ref byte* to, byte* limit)
    {
        int count = (int)Math.Min(_stored, limit - to);
        if (count > length - _bits.At) return Verdict.Truncated;
        Buffer.MemoryCopy(source + _bits.At, to, count, count);
        _bits.At += count;
        to += count;
        _stored -= count;
        if (_stored > 0) return Verdict.Full;
        _inside = Inside.BetweenBlocks;
        return null;
    }

    Verdict? Decode(byte* source, int length, byte* oldest, ref byte* to, byte* limit)
    {
        fixed (uint* literals = _literals.Entries, distances = _distances.Entries)
        {
            Verdict? verdict = DecodeFast(source, length, oldest, ref to, limit, literals, distances);
            verdict ??= DecodeCarefully(source, length, oldest, ref to, limit, literals, distances);
            if (verdict != Verdict.End) return verdict;
        }
        _inside = Inside.BetweenBlocks;
        return null;
    }

    /// <summary>Null when the source has become too short to be read in whole words.</summary>
    Verdict? DecodeFast(
        byte* source, int length, byte* oldest, ref byte* to, byte* limit, uint* literals, uint* distances)
    {
        DeflateBits bits = _bits;
        byte* target = to;
        Verdict? verdict = null;
        while (true)
        {
            if (length - bits.At < FastInput) break;
            if (target >= limit)
            {
                verdict = Verdict.Full;
                break;
            }
            bits.Refill(source);
            uint entry = literals[bits.Peek(FirstLevelBits)];
            if ((entry & DeflateTable.Literal) != 0)
            {
                *target++ = (byte)(entry >> 16);
                bits.Drop(entry);
                entry = literals[bits.Peek(FirstLevelBits)];
                if ((entry & DeflateTable.Literal) != 0)
                {
                    *target++ = (byte)(entry >> 16);
                    bits.Drop(entry);
                    entry = literals[bits.Peek(FirstLevelBits)];
                    if ((entry & DeflateTable.Literal) != 0)
                    {
                        *target++ = (byte)(entry >> 16);
                        bits.Drop(entry);
                        continue;
                    }
                }

                // A match can take 48 bits: 15 and 5 for the length, 15 and 13 for the distance.
                bits.Refill(source);
            }
            if ((entry & DeflateTable.Special) != 0)
            {
                if ((entry & DeflateTable.Link) == 0)
                {
                    verdict = End(entry, ref bits);
                    break;
                }
                entry = Follow(literals, entry, ref bits);
                if ((entry & DeflateTable.Literal) != 0)
                {
                    *target++ = (byte)(entry >> 16);
                    bits.Drop(entry);
                    continue;
                }
                if ((entry & DeflateTable.Special) != 0)
                {
                    verdict = End(entry, ref bits);
                    break;
                }
            }
            nuint match = bits.TakeValue(entry);
            entry = distances[bits.Peek(DistanceFirstLevelBits)];
            if ((entry & DeflateTable.Special) != 0)
            {
                if ((entry & DeflateTable.Link) != 0) entry = Follow(distances, entry, ref bits);
                if ((entry & DeflateTable.Special) != 0)
                {
                    verdict = Verdict.Corrupt;
                    break;
                }
            }
            nuint distance = bits.TakeValue(entry);
            if (distance > (nuint)(target - oldest))
            {
                verdict = Verdict.Corrupt;
                break;
            }
            Copies.Match(target, distance, match);
            target += match;
        }
        _bits = bits;
        to = target;
        return verdict;
    }

    // One symbol at a time, for the last bytes of the source.
    Verdict DecodeCarefully(
        byte* source, int length, byte* oldest, ref byte* to, byte* limit, uint* literals, uint* distances)
    {
        while (to < limit)
        {
            _bits.RefillCarefully(source, length);
            uint entry = literals[_bits.Peek(FirstLevelBits)];
            if ((entry & DeflateTable.Link) != 0) entry = Follow(literals, entry, ref _bits);
            if ((entry & DeflateTable.Literal) != 0)
            {
                _bits.Drop(entry);
                if (_bits.IsOverdrawn) return Verdict.Truncated;
                *to++ = (byte)(entry >> 16);
                continue;
            }
            if ((entry & DeflateTable.Special) != 0)
            {
                Verdict end = End(entry, ref _bits);
                return _bits.IsOverdrawn ? Verdict.Truncated : end;
            }
            nuint match = _bits.TakeValue(entry);
            if (_bits.IsOverdrawn) return Verdict.Truncated;
            entry = distances[_bits.Peek(DistanceFirstLevelBits)];
            if ((entry & DeflateTable.Link) != 0) entry = Follow(distances, entry, ref _bits);
            if ((entry & DeflateTable.Special) != 0) return _bits.IsOverdrawn ? Verdict.Truncated : Verdict.Corrupt;
            nuint distance = _bits.TakeValue(entry);
            if (_bits.IsOverdrawn) return Verdict.Truncated;
            if (distance > (nuint)(to - oldest)) return Verdict.Corrupt;
            Copies.Match(to, distance, match);
            to += match;
        }
        return Verdict.Full;
    }

    static Verdict End(uint entry, ref DeflateBits bits)
    {
        bits.Drop(entry);
        return (entry & DeflateTable.EndOfBlock) != 0 ? Verdict.End : Verdict.Corrupt;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Follow(uint* entries, uint link, ref DeflateBits bits)
    {
        bits.Drop(link);
        return entries[(link >> 16) + bits.Peek((int)(link >> 8) & 31)];
    }

    static DeflateTable Fixed(DeflateTable table, byte[] lengths, uint[] meanings)
    {
        table.TryBuild(lengths, meanings);
        return table;
    }
}
