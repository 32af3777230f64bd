using System.Numerics;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Brings a histogram to the scale of an FSE table, and writes the table's description: what
/// <see cref="FseCounts.Read"/> reads. Pure.
/// </summary>
static class FseCountsWriter
{
    const int SmallestLog = 5;

    /// <summary>The longest a description can be.</summary>
    public const int LongestDescription = 128;

    /// <summary>A table that is large enough for the alphabet and no larger than the sample deserves.</summary>
    public static int ChooseLog(int total, int highestSymbol, int largestLog)
    {
        int deserved = BitOperations.Log2((uint)total - 1) - 2;
        int needed = Math.Min(BitOperations.Log2((uint)total) + 1, BitOperations.Log2((uint)highestSymbol) + 2);
        return Math.Clamp(Math.Max(deserved, needed), SmallestLog, largestLog);
    }

    /// <summary>At least two symbols occur. The result adds up to 2^log, rare symbols (-1) counting as one.</summary>
    public static void Normalize(ReadOnlySpan<int> histogram, int total, int log, Span<short> counts)
    {
        int size = 1 << log;
        int rare = total >> log;
        int left = size;
        int largest = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            int seen = histogram[symbol];
            int scaled = (int)(((long)seen * size + total / 2) / total);
            counts[symbol] = seen == 0 ? (short)0 : seen <= rare ? (short)-1 : (short)Math.Max(scaled, 1);
            left -= Math.Abs((int)counts[symbol]);
            if (counts[symbol] > counts[largest]) largest = symbol;
        }
        if (left >= 0 || -left < counts[largest] / 2)
        {
            counts[largest] += (short)left;
            return;
        }
        for (; left < 0; left++)
        {
            for (int symbol = 0; symbol < counts.Length; symbol++)
            {
                if (counts[symbol] > counts[largest]) largest = symbol;
            }
            counts[largest]--;
        }
    }

    /// <summary>Returns the length of the description.</summary>
    public static int Write(ReadOnlySpan<short> counts, int log, Span<byte> target)
    {
        var writer = new Writer { Target = target };
        writer.Add(log - SmallestLog, 4);
        int left = (1 << log) + 1;
        int threshold = 1 << log;
        int bits = log + 1;
        for (int symbol = 0; left > 1;)
        {
            int count = counts[symbol++];
            int spared = 2 * threshold - 1 - left;
            int value = count + 1;
            left -= Math.Abs(count);
            if (value >= threshold) value += spared;
            writer.Add(value, value < spared ? bits - 1 : bits);
            if (count == 0)
            {
                int zeros = 0;
                while (counts[symbol + zeros] == 0) zeros++;
                symbol += zeros;
                for (; zeros >= 3; zeros -= 3) writer.Add(3, 2);
                writer.Add(zeros, 2);
            }
            while (left < threshold && threshold > 1)
            {
                bits--;
                threshold >>= 1;
            }
        }
        return writer.Finish();
    }

    ref struct Writer
    {
        public Span<byte> Target;
        int _at;
        uint _word;
        int _count;

        public void Add(int value, int bits)
        {
            _word |= (uint)value << _count;
            _count += bits;
            for (; _count >= 8; _count -= 8, _word >>= 8) Target[_at++] = (byte)_word;
        }

        public int Finish()
        {
            if (_count > 0) Target[_at++] = (byte)_word;
            return _at;
        }
    }
}
