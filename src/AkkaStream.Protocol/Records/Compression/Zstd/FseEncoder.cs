using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// The encoding side of one FSE code. A state is a number from the table's size up to twice that; to encode a symbol, its
/// lowest bits are written until what remains falls into the symbol's range, and the table gives the next state.
/// </summary>
sealed unsafe class FseEncoder(int largestLog, int symbols)
{
    // For each symbol: (bits << 16) - the first state that needs them all, so that adding a state and dropping the low
    // half gives the number of bits.
    readonly int[] _bitsAndBound = new int[symbols];

    // For each symbol: where its states begin, less what a state is at least once its bits are written.
    readonly int[] _base = new int[symbols];
    readonly ushort[] _next = new ushort[1 << largestLog];

    public int Log { get; private set; }

    public void Build(ReadOnlySpan<short> counts, int log)
    {
        int size = 1 << log;
        Span<byte> spread = stackalloc byte[size];
        Span<int> at = stackalloc int[counts.Length];
        FseCounts.Spread(counts, log, spread);
        int total = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            int count = Math.Abs((int)counts[symbol]);
            at[symbol] = total;
            if (count == 0) continue;
            int bits = log - (count > 1 ? BitOperations.Log2((uint)count - 1) : 0);
            _bitsAndBound[symbol] = (bits << 16) - (count << bits);
            _base[symbol] = total - count;
            total += count;
        }
        for (int state = 0; state < size; state++) _next[at[spread[state]]++] = (ushort)(size + state);
        Log = log;
    }

    /// <summary>A code of one symbol costs no bits; every state is the same.</summary>
    public void BuildSingle(int symbol)
    {
        _bitsAndBound[symbol] = -1;
        _base[symbol] = -1;
        _next[0] = 1;
        Log = 0;
    }

    /// <summary>
    /// A state that means this symbol, for the symbol that is decoded last: it needs no state before it. The first one is
    /// the one that the decoder would have to read most bits for.
    /// </summary>
    public uint Begin(int symbol)
    {
        fixed (ushort* next = _next)
        {
            int bound = -_bitsAndBound[symbol] & 0xFFFF;
            int bits = (_bitsAndBound[symbol] + bound) >> 16;
            return next[(bound >> bits) + _base[symbol]];
        }
    }

    /// <summary>The arrays, pinned for the length of one bit stream.</summary>
    public ref struct Writer(int* bitsAndBound, int* bases, ushort* next, uint state, int log)
    {
        uint _state = state;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Encode(ref ForwardBits bits, int symbol)
        {
            int count = ((int)_state + bitsAndBound[symbol]) >> 16;
            bits.AddLow(_state, count);
            _state = next[(int)(_state >> count) + bases[symbol]];
        }

        /// <summary>Writes the state itself, with which the decoder begins.</summary>
        public readonly void Finish(ref ForwardBits bits) => bits.AddLow(_state, log);
    }

    public int[] BitsAndBounds => _bitsAndBound;

    public int[] Bases => _base;

    public ushort[] Next => _next;
}
