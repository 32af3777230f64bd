using System.Numerics;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// A Huffman code for the literals of one block: built from their histogram, described in the shorter of the two ways,
/// and written as one or four bit streams. What <see cref="HuffmanTable"/> and <see cref="HuffmanStreams"/> read.
/// </summary>
sealed unsafe class HuffmanEncoder
{
    const int LongestCode = HuffmanTable.LookupBits;
    const int Symbols = 256;
    const int WeightSymbols = LongestCode + 1;
    const int LargestWeightLog = 6;
    const int MostPlainWeights = 128;

    readonly byte[] _lengths = new byte[Symbols];
    readonly ushort[] _codes = new ushort[Symbols];
    readonly FseEncoder _weightCode = new(LargestWeightLog, WeightSymbols);

    int _longest;
    int _last;

    /// <summary>At least two symbols occur. Returns how many bits the literals will take.</summary>
    public long Build(ReadOnlySpan<int> histogram)
    {
        Span<int> counts = stackalloc int[Symbols];
        histogram.CopyTo(counts);
        while (!TryAssignLengths(counts))
        {
            // A code came out too long: with flatter counts it will be shorter.
            for (int i = 0; i < Symbols; i++)
            {
                if (counts[i] > 0) counts[i] = counts[i] / 2 + 1;
            }
        }
        AssignCodes();
        long bits = 0;
        for (int i = 0; i < Symbols; i++) bits += (long)histogram[i] * _lengths[i];
        return bits;
    }

    // Huffman's algorithm with two queues: leaves in order of their counts, and the nodes that join two of the smallest,
    // which come about in order.
    bool TryAssignLengths(ReadOnlySpan<int> counts)
    {
        Span<long> leaves = stackalloc long[Symbols];
        Span<long> weights = stackalloc long[2 * Symbols];
        Span<ushort> parents = stackalloc ushort[2 * Symbols];
        int n = 0;
        for (int i = 0; i < Symbols; i++)
        {
            if (counts[i] > 0) leaves[n++] = (long)counts[i] << 8 | (uint)i;
        }
        leaves[..n].Sort();
        for (int i = 0; i < n; i++) weights[i] = leaves[i] >> 8;
        int leaf = 0;
        int node = n;
        for (int made = n; made < 2 * n - 1; made++)
        {
            int first = leaf < n && (node >= made || weights[leaf] <= weights[node]) ? leaf++ : node++;
            int second = leaf < n && (node >= made || weights[leaf] <= weights[node]) ? leaf++ : node++;
            weights[made] = weights[first] + weights[second];
            parents[first] = parents[second] = (ushort)made;
        }

        // From the root down; the weights have served and become depths.
        weights[2 * n - 2] = 0;
        Array.Clear(_lengths);
        for (int i = 2 * n - 3; i >= 0; i--)
        {
            weights[i] = weights[parents[i]] + 1;
            if (weights[i] > LongestCode) return false;
            if (i < n) _lengths[(byte)leaves[i]] = (byte)weights[i];
        }
        _longest = _lengths.Max();
        _last = (byte)Array.FindLastIndex(_lengths, length => length != 0);
        return true;
    }

    // The table puts long codes first and, within one length, the symbols in order; codes are numbered accordingly.
    void AssignCodes()
    {
        Span<int> next = stackalloc int[LongestCode + 2];
        next.Clear();
        foreach (byte length in _lengths) next[length]++;
        int code = 0;
        for (int length = _longest; length > 0; length--)
        {
            int count = next[length];
            next[length] = code;
            code = (code + count) >> 1;
        }
        for (int i = 0; i < Symbols; i++)
        {
            if (_lengths[i] > 0) _codes[i] = (ushort)next[_lengths[i]]++;
        }
    }

    /// <summary>Writes the description; the room is 256 bytes. Returns its length, or 0 when the code cannot be told.</summary>
    public int Describe(Span<byte> target)
    {
        // The last symbol's weight is left out.
        Span<byte> weights = stackalloc byte[Symbols];
        for (int i = 0; i < _last; i++) weights[i] = (byte)(_lengths[i] == 0 ? 0 : _longest + 1 - _lengths[i]);
        weights = weights[.._last];
        int packed = Compress(weights, target[1..]);
        if (packed > 0 && packed < 128 && (packed < (weights.Length + 1) / 2 || weights.Length > MostPlainWeights))
        {
            target[0] = (byte)packed;
            return 1 + packed;
        }
        if (weights.Length > MostPlainWeights) return 0;
        target[0] = (byte)(127 + weights.Length);
        for (int i = 0; i < weights.Length; i += 2)
        {
            target[1 + i / 2] = (byte)(weights[i] << 4 | (i + 1 < weights.Length ? weights[i + 1] : 0));
        }
        return 1 + (weights.Length + 1) / 2;
    }

    // Two states take turns, the first with the weights at even places.
    int Compress(ReadOnlySpan<byte> weights, Span<byte> target)
    {
        Span<int> histogram = stackalloc int[WeightSymbols];
        Span<short> counts = stackalloc short[WeightSymbols];
        histogram.Clear();
        int highest = 0;
        foreach (byte weight in weights)
        {
            histogram[weight]++;
            highest = Math.Max(highest, weight);
        }
        if (weights.Length < 3 || histogram.IndexOf(weights.Length) >= 0) return 0;
        int log = FseCountsWriter.ChooseLog(weights.Length, highest, LargestWeightLog);
        FseCountsWriter.Normalize(histogram, weights.Length, log, counts);
        int length = FseCountsWriter.Write(counts, log, target);
        _weightCode.Build(counts, log);
        fixed (byte* to = target)
        {
            var bits = new ForwardBits(to + length);
            fixed (int* bounds = _weightCode.BitsAndBounds, bases = _weightCode.Bases)
            fixed (ushort* next = _weightCode.Next)
            {
                int at = weights.Length - 1;
                var last = new FseEncoder.Writer(bounds, bases, next, _weightCode.Begin(weights[at--]), log);
                var other = new FseEncoder.Writer(bounds, bases, next, _weightCode.Begin(weights[at--]), log);
                for (; at >= 1; at -= 2)
                {
                    last.Encode(ref bits, weights[at]);
                    other.Encode(ref bits, weights[at - 1]);
                    bits.Flush();
                }
                if (at == 0)
                {
                    // An odd number: the state that began with the last weight also has the first.
                    last.Encode(ref bits, weights[0]);
                    other.Finish(ref bits);
                    last.Finish(ref bits);
                }
                else
                {
                    last.Finish(ref bits);
                    other.Finish(ref bits);
                }
            }
            return (int)(bits.Finish() - to);
        }
    }

    /// <summary>Room: the literals' bits, and 8 bytes. Returns where the stream ends.</summary>
    public byte* WriteStream(byte* source, int length, byte* target)
    {
        fixed (ushort* codes = _codes)
        fixed (byte* lengths = _lengths)
        {
            var bits = new ForwardBits(target);
            byte* at = source + length;
            for (int odd = length % 5; odd > 0; odd--) Put(ref bits, *--at, codes, lengths);
            bits.Flush();
            while (at > source)
            {
                Put(ref bits, at[-1], codes, lengths);
                Put(ref bits, at[-2], codes, lengths);
                Put(ref bits, at[-3], codes, lengths);
                Put(ref bits, at[-4], codes, lengths);
                Put(ref bits, at[-5], codes, lengths);
                bits.Flush();
                at -= 5;
            }
            return bits.Finish();
        }
    }

    static void Put(ref ForwardBits bits, byte symbol, ushort* codes, byte* lengths) =>
        bits.Add(codes[symbol], lengths[symbol]);
}
