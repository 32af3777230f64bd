using System.Numerics;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// A Huffman decoding table for literals, always looked up with 11 bits. Kept from block to block, because a block may
/// use the table of the one before.
/// </summary>
sealed unsafe class HuffmanTable
{
    /// <summary>The longest code the format allows.</summary>
    public const int LookupBits = 11;

    const int LargestWeightLog = 6;

    // Weights go from 0 (not used) to 11 (one bit); one more would be a code of no bits.
    const int LargestWeight = LookupBits;

    // Low byte: bits of the code; high byte: the symbol.
    readonly ushort[] _entries = new ushort[1 << LookupBits];
    readonly FseTable _weightTable = new(LargestWeightLog);

    public ushort[] Entries => _entries;

    public bool IsBuilt { get; set; }

    /// <summary>Reads a table's description (RFC 8878, 4.2.1). Returns its length in bytes or -1 when it is none.</summary>
    public int Read(byte* source, int length)
    {
        IsBuilt = false;
        if (length < 1) return -1;
        Span<byte> weights = stackalloc byte[256];
        int head = source[0];
        int count;
        int used;
        if (head >= 128)
        {
            count = head - 127;
            used = 1 + (count + 1) / 2;
            if (used > length) return -1;
            for (int i = 0; i < count; i++)
            {
                int pair = source[1 + i / 2];
                weights[i] = (byte)((i & 1) == 0 ? pair >> 4 : pair & 15);
            }
        }
        else
        {
            used = 1 + head;
            if (used > length) return -1;
            count = ReadCompressedWeights(source + 1, head, weights);
        }
        if (count <= 0 || !TryBuild(weights, count)) return -1;
        IsBuilt = true;
        return used;
    }

    // Two states take turns on one bit stream until it is used up (RFC 8878, 4.2.1.2).
    int ReadCompressedWeights(byte* source, int length, Span<byte> weights)
    {
        Span<short> counts = stackalloc short[LargestWeight + 1];
        int header = FseCounts.Read(new ReadOnlySpan<byte>(source, length), counts, LargestWeightLog, out int log);
        if (header < 0) return -1;
        _weightTable.Build(counts, log, WeightValues, NoExtraBits);

        BackwardBits bits = default;
        if (!bits.TryBegin(source + header, length - header)) return -1;
        ReadOnlySpan<FseState> states = _weightTable.States;
        uint first = bits.Take(log);
        uint second = bits.Take(log);
        if (bits.IsOverdrawn) return -1;
        for (int count = 0; count < weights.Length - 1; count++)
        {
            FseState state = states[(int)first];
            weights[count] = (byte)state.Value;
            bits.Refill();
            first = second;
            second = state.Next + bits.Take(state.NextBits);
            if (!bits.IsOverdrawn) continue;

            // The state that could not be renewed is the last but one; the other still holds a weight.
            count++;
            if (count >= weights.Length - 1) return -1;
            weights[count] = (byte)states[(int)first].Value;
            return count + 1;
        }
        return -1;
    }

    bool TryBuild(Span<byte> weights, int count)
    {
        Span<int> ranks = stackalloc int[LargestWeight + 2];
        ranks.Clear();
        int total = 0;
        foreach (byte weight in weights[..count])
        {
            if (weight > LargestWeight) return false;
            ranks[weight]++;
            total += (1 << weight) >> 1;
        }
        if (total == 0) return false;

        // The last symbol's weight is not written: it fills the sum up to a power of two.
        int longest = BitOperations.Log2((uint)total) + 1;
        int missing = (1 << longest) - total;
        if (longest > LookupBits || !BitOperations.IsPow2(missing)) return false;
        int last = BitOperations.Log2((uint)missing) + 1;
        weights[count] = (byte)last;
        ranks[last]++;
        Fill(weights[..(count + 1)], ranks, longest);
        return true;
    }

    // Longer codes come first in the table; among codes of one length the symbols are in order.
    void Fill(ReadOnlySpan<byte> weights, Span<int> ranks, int longest)
    {
        int spare = LookupBits - longest;
        int start = 0;
        for (int weight = 1; weight <= longest; weight++)
        {
            int own = start;
            start += ranks[weight] << (weight - 1);
            ranks[weight] = own;
        }
        for (int symbol = 0; symbol < weights.Length; symbol++)
        {
            int weight = weights[symbol];
            if (weight == 0) continue;
            int places = 1 << (weight - 1);
            ushort entry = (ushort)(symbol << 8 | (longest + 1 - weight));
            _entries.AsSpan(ranks[weight] << spare, places << spare).Fill(entry);
            ranks[weight] += places;
        }
    }

    static ReadOnlySpan<uint> WeightValues => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    static ReadOnlySpan<byte> NoExtraBits => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
