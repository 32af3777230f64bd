using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Decodes Huffman-coded literals, from one bit stream or from four that are read side by side to keep the processor
/// busy. Every stream must be used up to the last bit. Pure.
/// </summary>
static unsafe class HuffmanStreams
{
    // Five symbols of at most 11 bits fit into what a refill brings ...
    const int SymbolsPerRefill = 5;

    // ... and take at most this many bytes.
    const int BytesPerRefill = 7;
    const int Shift = 64 - HuffmanTable.LookupBits;

    public static bool DecodeOne(byte* source, int length, byte* target, int count, ushort* table)
    {
        BackwardBits bits = default;
        return bits.TryBegin(source, length) && Finish(ref bits, target, target + count, table);
    }

    /// <summary>The six bytes in front of the streams hold the lengths of the first three.</summary>
    public static bool DecodeFour(byte* source, int length, byte* target, int count, ushort* table)
    {
        const int JumpTable = 6;
        int piece = (count + 3) / 4;
        int lastPiece = count - 3 * piece;
        if (length < JumpTable + 4 || lastPiece < 0) return false;
        int first = Unsafe.ReadUnaligned<ushort>(source);
        int second = Unsafe.ReadUnaligned<ushort>(source + 2);
        int third = Unsafe.ReadUnaligned<ushort>(source + 4);
        int fourth = length - JumpTable - first - second - third;
        if (fourth < 1) return false;

        BackwardBits a = default;
        BackwardBits b = default;
        BackwardBits c = default;
        BackwardBits d = default;
        byte* at = source + JumpTable;
        if (!a.TryBegin(at, first)) return false;
        if (!b.TryBegin(at += first, second)) return false;
        if (!c.TryBegin(at += second, third)) return false;
        if (!d.TryBegin(at += third, fourth)) return false;

        int done = DecodeAbreast(ref a, ref b, ref c, ref d, target, piece, lastPiece, table);
        return Finish(ref a, target + done, target + piece, table)
            && Finish(ref b, target + piece + done, target + 2 * piece, table)
            && Finish(ref c, target + 2 * piece + done, target + 3 * piece, table)
            && Finish(ref d, target + 3 * piece + done, target + count, table);
    }

    /// <summary>
    /// Runs while all four streams have whole words left; returns how many symbols each has given.
    /// </summary>
    /// <remarks>
    /// While here, a stream is a pointer and a word whose used bits are shifted out at the top; the lowest bit, which no
    /// symbol of this round can reach, marks how far it has been shifted.
    /// </remarks>
    static int DecodeAbreast(
        ref BackwardBits first,
        ref BackwardBits second,
        ref BackwardBits third,
        ref BackwardBits fourth,
        byte* target,
        int piece,
        int lastPiece,
        ushort* table)
    {
        if (!(first.HasBefore(8) && second.HasBefore(8) && third.HasBefore(8) && fourth.HasBefore(8))) return 0;
        byte* aAt = first.At;
        byte* bAt = second.At;
        byte* cAt = third.At;
        byte* dAt = fourth.At;
        ulong a = Load(aAt, first.Used);
        ulong b = Load(bAt, second.Used);
        ulong c = Load(cAt, third.Used);
        ulong d = Load(dAt, fourth.Used);
        byte* to = target;
        nint pieceLength = piece;
        while (true)
        {
            long rounds = Math.Min(
                Math.Min(Math.Min(aAt - first.Start, bAt - second.Start), Math.Min(cAt - third.Start, dAt - fourth.Start))
                    / BytesPerRefill,
                (lastPiece - (to - target)) / SymbolsPerRefill);
            if (rounds <= 0) break;
            for (; rounds > 0; rounds--)
            {
                Refill(ref a, ref aAt);
                Refill(ref b, ref bAt);
                Refill(ref c, ref cAt);
                Refill(ref d, ref dAt);
                Symbols(ref a, to, table);
                Symbols(ref b, to + pieceLength, table);
                Symbols(ref c, to + 2 * pieceLength, table);
                Symbols(ref d, to + 3 * pieceLength, table);
                to += SymbolsPerRefill;
            }
        }
        Store(ref first, a, aAt);
        Store(ref second, b, bAt);
        Store(ref third, c, cAt);
        Store(ref fourth, d, dAt);
        return (int)(to - target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Symbols(ref ulong word, byte* to, ushort* table)
    {
        ulong bits = word;
        uint entry = table[bits >> Shift];
        bits <<= (int)entry;
        to[0] = (byte)(entry >> 8);
        entry = table[bits >> Shift];
        bits <<= (int)entry;
        to[1] = (byte)(entry >> 8);
        entry = table[bits >> Shift];
        bits <<= (int)entry;
        to[2] = (byte)(entry >> 8);
        entry = table[bits >> Shift];
        bits <<= (int)entry;
        to[3] = (byte)(entry >> 8);
        entry = table[bits >> Shift];
        word = bits << (int)entry;
        to[4] = (byte)(entry >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Refill(ref ulong word, ref byte* at)
    {
        int used = BitOperations.TrailingZeroCount(word);
        at -= used >> 3;
        word = Load(at, used & 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(byte* at, int used) => (Unsafe.ReadUnaligned<ulong>(at) | 1) << used;

    static void Store(ref BackwardBits bits, ulong word, byte* at)
    {
        int used = BitOperations.TrailingZeroCount(word);
        bits.Reload(at, used);
    }

    static bool Finish(ref BackwardBits bits, byte* to, byte* end, ushort* table)
    {
        while (end - to >= SymbolsPerRefill && bits.HasBefore(8))
        {
            bits.RefillFast();
            for (int i = 0; i < SymbolsPerRefill; i++) to[i] = Symbol(ref bits, table);
            to += SymbolsPerRefill;
        }
        while (to < end)
        {
            bits.RefillCarefully();
            *to++ = Symbol(ref bits, table);
            if (bits.IsOverdrawn) return false;
        }
        bits.RefillCarefully();
        return bits.IsAtEnd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte Symbol(ref BackwardBits bits, ushort* table)
    {
        uint entry = table[bits.Peek(HuffmanTable.LookupBits)];
        bits.Drop((byte)entry);
        return (byte)(entry >> 8);
    }
}
