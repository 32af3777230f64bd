using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>
/// A decoding table for one of deflate's prefix codes, looked up with the next bits of the stream as they come, lowest
/// bit first. Codes longer than the first level continue in a second-level table behind it. Built anew for each block.
/// </summary>
/// <remarks>
/// An entry holds all that decoding needs. Low byte: bits to take off the stream, extra bits included. Then, for
/// literals: flag 31, value in 16-23. For lengths and distances: base in 16-30, and in 8-12 where the extra bits begin.
/// For links to the second level: flag 14, index in 16-30, its bits in 8-12. Flags 15 with 13: end of block; 15 alone:
/// no such code.
/// </remarks>
sealed class DeflateTable(int firstLevelBits, int capacity)
{
    public const uint Literal = 1u << 31;
    public const uint Special = 1u << 15;
    public const uint Link = 1u << 14;
    public const uint EndOfBlock = 1u << 13;

    public const int LongestCode = 15;
    const int MostSymbols = 288;

    /// <summary>What the longest codes can need with a first level of 11 bits and 288 symbols.</summary>
    public const int LiteralCapacity = 2342;

    /// <summary>... and with 8 bits and 32 symbols.</summary>
    public const int DistanceCapacity = 402;

    readonly uint[] _entries = new uint[capacity];
    readonly ushort[] _sorted = new ushort[MostSymbols];

    public int FirstLevelBits => firstLevelBits;

    public uint[] Entries => _entries;

    /// <summary>
    /// Fills the table from the code length of each symbol and what each symbol stands for. False when the lengths make
    /// no prefix code. An incomplete code is allowed only if it has a single symbol or none.
    /// </summary>
    public bool TryBuild(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> meanings)
    {
        Span<ushort> counts = stackalloc ushort[LongestCode + 1];
        counts.Clear();
        foreach (byte length in lengths) counts[length]++;
        int used = lengths.Length - counts[0];
        counts[0] = 0;
        int space = 1;
        for (int length = 1; length <= LongestCode; length++)
        {
            space = 2 * space - counts[length];
            if (space < 0) return false;
        }
        if (space > 0 && used > 1) return false;
        if (space > 0 && used == 1 && counts[1] == 0) return false;

        Sort(lengths, counts);
        Fill(counts, meanings);
        return true;
    }

    void Sort(ReadOnlySpan<byte> lengths, ReadOnlySpan<ushort> counts)
    {
        Span<ushort> next = stackalloc ushort[LongestCode + 1];
        int at = 0;
        for (int length = 0; length <= LongestCode; length++)
        {
            next[length] = (ushort)at;
            at += counts[length];
        }
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0) _sorted[next[lengths[symbol]]++] = (ushort)symbol;
        }
    }

    void Fill(Span<ushort> counts, ReadOnlySpan<uint> meanings)
    {
        Span<uint> table = _entries;
        int at = 0;
        uint code = 0;
        table[0] = Special;

        // The table for one more bit is the smaller one twice, with the codes of that length put over it.
        for (int length = 1; length <= firstLevelBits; length++)
        {
            int half = 1 << (length - 1);
            table[..half].CopyTo(table[half..]);
            for (int left = counts[length]; left > 0; left--)
            {
                table[(int)code] = Entry(meanings[_sorted[at++]], length);
                code = Next(code, length);
            }
        }

        int free = 1 << firstLevelBits;
        uint mask = (1u << firstLevelBits) - 1;
        uint prefix = uint.MaxValue;
        int start = 0;
        int bits = 0;
        for (int length = firstLevelBits + 1; length <= LongestCode; length++)
        {
            for (; counts[length] > 0; counts[length]--)
            {
                if ((code & mask) != prefix)
                {
                    prefix = code & mask;
                    start = free;
                    bits = SecondLevelBits(counts, length);
                    free += 1 << bits;
                    table[(int)prefix] = Special | Link | (uint)start << 16 | (uint)bits << 8 | (uint)firstLevelBits;
                }
                uint entry = Entry(meanings[_sorted[at++]], length - firstLevelBits);
                int stride = 1 << (length - firstLevelBits);
                for (int i = (int)(code >> firstLevelBits); i < 1 << bits; i += stride) table[start + i] = entry;
                code = Next(code, length);
            }
        }
    }

    // As many bits as the codes that share this prefix need; those left over of a length all lie behind it.
    int SecondLevelBits(ReadOnlySpan<ushort> counts, int length)
    {
        int bits = length - firstLevelBits;
        int space = 1 << bits;
        while (length < LongestCode)
        {
            space -= counts[length];
            if (space <= 0) break;
            length++;
            bits++;
            space <<= 1;
        }
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Entry(uint meaning, int length) => meaning + (uint)(length << 8) + (uint)length;

    // Adds one to a code that is stored with its first bit lowest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Next(uint code, int length)
    {
        uint ones = ~code & ((1u << length) - 1);
        if (ones == 0) return 0;
        int highestZero = BitOperations.Log2(ones);
        return (code & ((1u << highestZero) - 1)) | 1u << highestZero;
    }
}
