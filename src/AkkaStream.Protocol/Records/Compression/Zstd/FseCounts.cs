using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// The description of an FSE code: how many of a table's 2^log states each symbol has; -1 stands for a symbol so rare
/// that it gets one state at the end of the table (RFC 8878, 4.1.1).
/// </summary>
static class FseCounts
{
    public const int MostSymbols = 256;
    const int SmallestLog = 5;

    /// <summary>
    /// Reads a description. Returns its length in bytes or -1 when it is none. <paramref name="counts"/> is as long as
    /// the alphabet; what is not mentioned becomes 0.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> source, Span<short> counts, int largestLog, out int log)
    {
        counts.Clear();
        log = 0;
        if (source.IsEmpty) return -1;
        log = (source[0] & 15) + SmallestLog;
        if (log > largestLog) return -1;

        int at = 4;
        int left = (1 << log) + 1;
        int threshold = 1 << log;
        int bits = log + 1;
        int symbol = 0;
        while (left > 1)
        {
            if (symbol >= counts.Length) return -1;

            // Of the values that need all bits, the smallest are written with one bit less.
            uint word = Peek(source, at);
            int spared = 2 * threshold - 1 - left;
            int value = (int)word & (threshold - 1);
            if (value < spared)
            {
                at += bits - 1;
            }
            else
            {
                value = (int)word & (2 * threshold - 1);
                if (value >= threshold) value -= spared;
                at += bits;
            }
            int count = value - 1;
            left -= Math.Abs(count);
            counts[symbol++] = (short)count;
            if (count == 0 && !SkipZeros(source, ref at, counts.Length, ref symbol)) return -1;
            while (left < threshold && threshold > 1)
            {
                bits--;
                threshold >>= 1;
            }
        }
        int length = (at + 7) >> 3;
        return left == 1 && length <= source.Length ? length : -1;
    }

    // Behind a zero, two bits tell how many more follow; 3 means: three, and two bits again.
    static bool SkipZeros(ReadOnlySpan<byte> source, ref int at, int symbols, ref int symbol)
    {
        uint more;
        do
        {
            if (at >> 3 > source.Length) return false;
            more = Peek(source, at) & 3;
            at += 2;
            symbol += (int)more;
            if (symbol > symbols) return false;
        }
        while (more == 3);
        return true;
    }

    static uint Peek(ReadOnlySpan<byte> source, int bit)
    {
        int at = bit >> 3;
        if (source.Length - at >= 4)
        {
            return MemoryMarshal.Read<uint>(source[at..]) >> (bit & 7);
        }
        uint word = 0;
        for (int i = at; i < source.Length; i++) word |= (uint)source[i] << (8 * (i - at));
        return word >> (bit & 7);
    }

    /// <summary>
    /// Lays the symbols over the states in the order that encoder and decoder have agreed on. The counts add up to the
    /// table's length.
    /// </summary>
    public static void Spread(ReadOnlySpan<short> counts, int log, Span<byte> symbols)
    {
        int size = 1 << log;
        int high = size - 1;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] == -1) symbols[high--] = (byte)symbol;
        }
        int step = (size >> 1) + (size >> 3) + 3;
        int at = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            for (int left = counts[symbol]; left > 0; left--)
            {
                symbols[at] = (byte)symbol;
                do at = (at + step) & (size - 1);
                while (at > high);
            }
        }
    }
}
