using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression.Lz4;

/// <summary>
/// Writes one lz4 block of at most 64 KiB, fast: one candidate a position, from a small table of recent places, with
/// longer steps where nothing repeats. Pure; the table lives on the caller's stack.
/// </summary>
static unsafe class Lz4BlockEncoder
{
    /// <summary>So that any place in a block, and any distance, fits into 16 bits.</summary>
    public const int MaximumLength = 64 << 10;

    const int TableBits = 13;
    public const int TableLength = 1 << TableBits;

    // The format wants the last match to begin 12 bytes before the end; 4 more spare the copies a bounds check.
    const int NoMatchWithin = 16;
    const int LastLiterals = 5;
    const int ShortestMatch = 4;

    // After this many misses (as a power of two) the step grows by one.
    const int PatienceBits = 6;

    /// <summary>The longest a block of this many bytes can come out.</summary>
    public static int Bound(int length) => length + length / 255 + 16;

    /// <summary>
    /// <paramref name="table"/> is all zero; <paramref name="target"/> has room for the bound. Returns the length, or the
    /// bound with nothing written when the block is better stored.
    /// </summary>
    public static int Encode(byte* source, int length, byte* target, ushort* table)
    {
        byte* anchor = source;
        byte* end = source + length;
        byte* to = target;
        if (length > NoMatchWithin)
        {
            byte* lastStart = end - NoMatchWithin;
            byte* at = source + 1;
            while (FindMatch(source, lastStart, table, ref at, out byte* match))
            {
                while (at > anchor && match > source && at[-1] == match[-1])
                {
                    at--;
                    match--;
                }
                byte* token = WriteLiterals(ref to, anchor, at);
                do
                {
                    Unsafe.WriteUnaligned(to, (ushort)(at - match));
                    to += 2;
                    at = WriteMatch(ref to, token, at, match, end - LastLiterals);
                    anchor = at;
                    if (at > lastStart) break;

                    // Where one match ends another often begins: try that before searching.
                    table[Hash(at - 2)] = (ushort)(at - 2 - source);
                    uint slot = Hash(at);
                    match = source + table[slot];
                    table[slot] = (ushort)(at - source);
                    token = to;
                    if (Word(match) != Word(at)) break;
                    *to++ = 0;
                }
                while (true);
                at++;
            }
        }
        // Nothing repeats: the caller stores such a block as it is, so the literals need no copy here.
        if (anchor == source) return Bound(length);
        WriteLastLiterals(ref to, anchor, end);
        return (int)(to - target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool FindMatch(byte* source, byte* lastStart, ushort* table, ref byte* from, out byte* match)
    {
        byte* next = from;
        byte* at;
        int misses = 1 << PatienceBits;
        if (next > lastStart)
        {
            match = null;
            return false;
        }
        uint slot = Hash(next);
        do
        {
            at = next;
            next += misses++ >> PatienceBits;
            uint own = slot;
            match = source + table[own];
            if (next > lastStart) return false;
            slot = Hash(next);
            table[own] = (ushort)(at - source);
        }
        while (Word(match) != Word(at));
        from = at;
        return true;
    }

    /// <summary>Leaves the match length in the token open; returns where the token is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte* WriteLiterals(ref byte* to, byte* from, byte* end)
    {
        byte* token = to++;
        nuint count = (nuint)(end - from);
        if (count >= 15)
        {
            *token = 15 << 4;
            WriteLength(ref to, count - 15);
        }
        else
        {
            *token = (byte)(count << 4);
        }
        byte* target = to;
        byte* stop = to + count;
        do
        {
            Vector128.Load(from).Store(target);
            target += 16;
            from += 16;
        }
        while (target < stop);
        to = stop;
        return token;
    }

    /// <summary>Measures the match, writes its length, and returns its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* WriteMatch(ref byte* to, byte* token, byte* at, byte* match, byte* limit)
    {
        nuint length = MatchLength(at + ShortestMatch, match + ShortestMatch, limit);
        WriteMatchLength(ref to, token, length);
        return at + ShortestMatch + length;
    }

    /// <summary><paramref name="length"/> is what goes beyond the shortest match.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void WriteMatchLength(ref byte* to, byte* token, nuint length)
    {
        if (length >= 15)
        {
            *token += 15;
            WriteLength(ref to, length - 15);
        }
        else
        {
            *token += (byte)length;
        }
    }

    internal static void WriteLastLiterals(ref byte* to, byte* from, byte* end)
    {
        nuint count = (nuint)(end - from);
        byte* token = to++;
        *token = (byte)(Math.Min(count, 15) << 4);
        if (count >= 15) WriteLength(ref to, count - 15);
        Buffer.MemoryCopy(from, to, count, count);
        to += count;
    }

    /// <summary>How many bytes are alike, up to <paramref name="limit"/> for the later of the two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint MatchLength(byte* later, byte* earlier, byte* limit)
    {
        byte* start = later;
        while (limit - later >= 8)
        {
            ulong difference = Unsafe.ReadUnaligned<ulong>(later) ^ Unsafe.ReadUnaligned<ulong>(earlier);
            if (difference != 0) return (nuint)(later - start) + (nuint)BitOperations.TrailingZeroCount(difference) / 8;
            later += 8;
            earlier += 8;
        }
        while (later < limit && *later == *earlier)
        {
            later++;
            earlier++;
        }
        return (nuint)(later - start);
    }

    static void WriteLength(ref byte* to, nuint length)
    {
        for (; length >= byte.MaxValue; length -= byte.MaxValue) *to++ = byte.MaxValue;
        *to++ = (byte)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Hash(byte* at) => (Word(at) * 2654435761) >> (32 - TableBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Word(byte* at) => Unsafe.ReadUnaligned<uint>(at);
}
