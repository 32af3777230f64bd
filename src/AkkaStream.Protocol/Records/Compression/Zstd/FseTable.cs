using System.Numerics;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>What one state of an FSE decoder means: a number to be completed by extra bits, and how to go on.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
readonly struct FseState(uint value, byte extraBits, byte nextBits, ushort next)
{
    public readonly uint Value = value;
    public readonly ushort Next = next;
    public readonly byte ExtraBits = extraBits;
    public readonly byte NextBits = nextBits;
}

/// <summary>
/// An FSE decoding table for one of the three numbers of a sequence, or for Huffman weights. Rebuilt in place; kept from
/// block to block, because a block may say: the same again.
/// </summary>
sealed class FseTable(int largestLog)
{
    readonly FseState[] _states = new FseState[1 << largestLog];

    public FseState[] States => _states;

    public int Log { get; private set; }

    /// <summary>The symbol of code i stands for bases[i] plus extraBits[i] bits.</summary>
    public void Build(ReadOnlySpan<short> counts, int log, ReadOnlySpan<uint> bases, ReadOnlySpan<byte> extraBits)
    {
        Span<byte> symbols = stackalloc byte[1 << log];
        Span<ushort> next = stackalloc ushort[counts.Length];
        FseCounts.Spread(counts, log, symbols);
        for (int i = 0; i < counts.Length; i++) next[i] = (ushort)Math.Abs((int)counts[i]);
        for (int state = 0; state < symbols.Length; state++)
        {
            int symbol = symbols[state];
            int rank = next[symbol]++;
            int bits = log - BitOperations.Log2((uint)rank);
            _states[state] = new FseState(
                bases[symbol], extraBits[symbol], (byte)bits, (ushort)((rank << bits) - symbols.Length));
        }
        Log = log;
    }

    /// <summary>A table of one state, for numbers that all have the same code.</summary>
    public void BuildSingle(uint value, byte extraBits)
    {
        _states[0] = new FseState(value, extraBits, 0, 0);
        Log = 0;
    }
}
