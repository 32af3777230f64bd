using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression.Snappy;

/// <summary>
/// Writes one raw snappy block of at most 64 KiB: one candidate a position from a small table, longer steps where nothing
/// repeats. Pure; the table lives on the caller's stack.
/// </summary>
static unsafe class SnappyBlockEncoder
{
    /// <summary>So that any place in a block, and any distance, fits into 16 bits.</summary>
    public const int MaximumLength = 64 << 10;

    const int SmallestTableBits = 8;
    const int LargestTableBits = 14;
    public const int LargestTable = 1 << LargestTableBits;

    // The last bytes are literals, so that words and vectors may be read without a look at the end.
    const int NoMatchWithin = 16;
    const int PatienceBits = 5;

    /// <summary>The longest a block of this many bytes can come out, its length in front included.</summary>
    public static int Bound(int length) => 32 + length + length / 6;

    /// <summary>Returns the length written. <paramref name="table"/> needs no clearing.</summary>
    public static int Encode(byte* source, int length, byte* target, ushort* table)
    {
        byte* to = WriteVarint(target, (uint)length);
        byte* anchor = source;
        byte* end = source + length;
        if (length > NoMatchWithin)
        {
            int bits = Math.Clamp(BitOperations.Log2((uint)length - 1) + 1, SmallestTableBits, LargestTableBits);
            new Span<ushort>(table, 1 << bits).Clear();
            int shift = 32 - bits;
            byte* lastStart = end - NoMatchWithin;
            byte* at = source + 1;
            while (FindMatch(source, lastStart, table, shift, ref at, out byte* match))
            {
                to = WriteLiteral(to, anchor, (nuint)(at - anchor));
                do
                {
                    nuint matched = 4 + MatchLength(at + 4, match + 4, end);
                    to = WriteCopies(to, (nuint)(at - match), matched);
                    at += matched;
                    anchor = at;
                    if (at > lastStart) break;

                    // Where one match ends another often begins: try that before searching.
                    table[Hash(at - 1, shift)] = (ushort)(at - 1 - source);
                    uint slot = Hash(at, shift);
                    match = source + table[slot];
                    table[slot] = (ushort)(at - source);
                }
                while (Word(match) == Word(at));
                at++;
            }
        }
        if (anchor < end) to = WriteLongLiteral(to, anchor, (nuint)(end - anchor));
        return (int)(to - target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool FindMatch(byte* source, byte* lastStart, ushort* table, int shift, ref byte* from, out byte* match)
    {
        byte* next = from;
        byte* at;
        int misses = 1 << PatienceBits;
        match = null;
        if (next > lastStart) return false;
        uint slot = Hash(next, shift);
        do
        {
            at = next;
            int step = misses >> PatienceBits;
            misses += step;
            next += step;
            uint own = slot;
            match = source + table[own];
            if (next > lastStart) return false;
            slot = Hash(next, shift);
            table[own] = (ushort)(at - source);
        }
        while (Word(match) != Word(at));
        from = at;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* WriteLiteral(byte* to, byte* from, nuint length)
    {
        if (length > 16) return WriteLongLiteral(to, from, length);
        *to++ = (byte)((length - 1) << 2);
        Vector128.Load(from).Store(to);
        return to + length;
    }

    static byte* WriteLongLiteral(byte* to, byte* from, nuint length)
    {
        nuint less = length - 1;
        if (less < 60)
        {
            *to++ = (byte)(less << 2);
        }
        else if (less < 256)
        {
            *to++ = 60 << 2;
            *to++ = (byte)less;
        }
        else
        {
            *to++ = 61 << 2;
            Unsafe.WriteUnaligned(to, (ushort)less);
            to += 2;
        }
        Buffer.MemoryCopy(from, to, length, length);
        return to + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* WriteCopies(byte* to, nuint distance, nuint length)
    {
        // Never leave a rest below four, which the short form could not hold.
        for (; length >= 68; length -= 64) to = WriteCopy(to, distance, 64);
        if (length > 64)
        {
            to = WriteCopy(to, distance, 60);
            length -= 60;
        }
        if (length >= 12 || distance >= 2048) return WriteCopy(to, distance, length);
        *to++ = (byte)(1 | ((length - 4) << 2) | ((distance >> 8) << 5));
        *to++ = (byte)distance;
        return to;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* WriteCopy(byte* to, nuint distance, nuint length)
    {
        Unsafe.WriteUnaligned(to, (uint)(2 | ((length - 1) << 2) | (distance << 8)));
        return to + 3;
    }

    static byte* WriteVarint(byte* to, uint value)
    {
        for (; value >= 0x80; value >>= 7) *to++ = (byte)(value | 0x80);
        *to++ = (byte)value;
        return to;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nuint MatchLength(byte* later, byte* earlier, byte* limit) =>
        Lz4.Lz4BlockEncoder.MatchLength(later, earlier, limit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Hash(byte* at, int shift) => (Word(at) * 0x1E35_A7BD) >> shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Word(byte* at) => Unsafe.ReadUnaligned<uint>(at);
}
