using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Writes the literals section of a block: Huffman-coded when that saves something, one byte when they are all alike, else
/// as they are. What <see cref="ZstdLiterals"/> reads.
/// </summary>
sealed unsafe class ZstdLiteralsWriter
{
    // Fewer do not pay for the description of a code.
    const int WorthCoding = 48;

    // Up to here one stream is shorter by the six bytes of the jump table.
    const int LongestSingle = 256;

    /// <summary>The largest header, and what streams and descriptions may need beyond the literals.</summary>
    public const int Overhead = 5 + 256 + 6 + 64;

    readonly HuffmanEncoder _code = new();

    /// <summary>Returns the length of the section. Room: the literals and the overhead.</summary>
    public int Write(byte* literals, int length, byte* target)
    {
        Span<int> histogram = stackalloc int[256];
        if (length < WorthCoding) return WritePlain(literals, length, target);
        int largest = Count(literals, length, histogram);
        if (largest == length) return WriteSame(literals[0], length, target);
        if (largest > (length >> 7) + 4)
        {
            int coded = WriteCoded(literals, length, histogram, target);
            if (coded > 0) return coded;
        }
        return WritePlain(literals, length, target);
    }

    // Four histograms, because neighbours are often alike and would wait for each other.
    static int Count(byte* literals, int length, Span<int> histogram)
    {
        int* counts = stackalloc int[4 * 256];
        new Span<int>(counts, 4 * 256).Clear();
        int i = 0;
        for (; i + 4 <= length; i += 4)
        {
            uint four = Unsafe.ReadUnaligned<uint>(literals + i);
            counts[(byte)four]++;
            counts[256 + (byte)(four >> 8)]++;
            counts[512 + (byte)(four >> 16)]++;
            counts[768 + (four >> 24)]++;
        }
        for (; i < length; i++) counts[literals[i]]++;
        int largest = 0;
        for (int symbol = 0; symbol < 256; symbol++)
        {
            histogram[symbol] = counts[symbol] + counts[256 + symbol] + counts[512 + symbol] + counts[768 + symbol];
            largest = Math.Max(largest, histogram[symbol]);
        }
        return largest;
    }

    int WriteCoded(byte* literals, int length, ReadOnlySpan<int> histogram, byte* target)
    {
        long bits = _code.Build(histogram);
        bool single = length <= LongestSingle;
        int header = length switch { < 1 << 10 => 3, < 1 << 14 => 4, _ => 5 };
        int least = (length >> 6) + 2;
        if (bits / 8 + header > length - least) return 0;

        byte* at = target + header;
        int description = _code.Describe(new Span<byte>(at, 256));
        if (description == 0) return 0;
        at += description;
        at = single ? _code.WriteStream(literals, length, at) : WriteFour(literals, length, at);
        int packed = (int)(at - target) - header;
        if (packed > length - least) return 0;

        int sizeBits = header switch { 3 => 10, 4 => 14, _ => 18 };
        uint format = header switch { 3 => single ? 0u : 1u, 4 => 2u, _ => 3u };
        ulong head = 2 | format << 2 | (ulong)length << 4 | (ulong)packed << (4 + sizeBits);
        for (int i = 0; i < header; i++) target[i] = (byte)(head >> (8 * i));
        return header + packed;
    }

    byte* WriteFour(byte* literals, int length, byte* target)
    {
        int piece = (length + 3) / 4;
        byte* at = target + 6;
        for (int i = 0; i < 4; i++)
        {
            byte* end = _code.WriteStream(literals + i * piece, i < 3 ? piece : length - 3 * piece, at);
            if (i < 3) Unsafe.WriteUnaligned(target + 2 * i, (ushort)(end - at));
            at = end;
        }
        return at;
    }

    static int WriteSame(byte symbol, int length, byte* target)
    {
        int header = WritePlainHeader(1, length, target);
        target[header] = symbol;
        return header + 1;
    }

    static int WritePlain(byte* literals, int length, byte* target)
    {
        int header = WritePlainHeader(0, length, target);
        Buffer.MemoryCopy(literals, target + header, length, length);
        return header + length;
    }

    static int WritePlainHeader(uint type, int length, byte* target)
    {
        if (length < 1 << 5)
        {
            target[0] = (byte)(type | (uint)length << 3);
            return 1;
        }
        uint head = length < 1 << 12 ? type | 1 << 2 | (uint)length << 4 : type | 3 << 2 | (uint)length << 4;
        target[0] = (byte)head;
        target[1] = (byte)(head >> 8);
        if (length < 1 << 12) return 2;
        target[2] = (byte)(head >> 16);
        return 3;
    }
}
