using System.Buffers;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Lz4;

/// <summary>
/// Writes one lz4 block of at most 64 KiB, thoroughly: all earlier places with the same four bytes are chained, the
/// longest match among the first so many wins, and a match is put off while the next byte has a longer one. For the levels
/// that ask for size before speed. Pure; its tables are rented for one stream.
/// </summary>
sealed unsafe class Lz4HighBlockEncoder : IDisposable
{
    const int HeadBits = 15;
    const int NoMatchWithin = 16;
    const int LastLiterals = 5;
    const int ShortestMatch = 4;

    // Matches this long are taken at once: a longer one behind them hardly pays.
    const nuint LongEnough = 256;

    readonly int _depth;

    // Both hold places plus one, so that zero means none: 64 Ki places fit because nothing begins in the last bytes.
    readonly ushort[] _heads = ArrayPool<ushort>.Shared.Rent(1 << HeadBits);
    readonly ushort[] _earlier = ArrayPool<ushort>.Shared.Rent(Lz4BlockEncoder.MaximumLength);

    /// <summary><paramref name="depth"/>: how many earlier places are tried for each byte.</summary>
    public Lz4HighBlockEncoder(int depth) => _depth = depth;

    public void Dispose()
    {
        ArrayPool<ushort>.Shared.Return(_heads);
        ArrayPool<ushort>.Shared.Return(_earlier);
    }

    /// <summary>The target has room for <see cref="Lz4BlockEncoder.Bound"/>. Returns the length written.</summary>
    public int Encode(byte* source, int length, byte* target)
    {
        Array.Clear(_heads, 0, 1 << HeadBits);
        byte* anchor = source;
        byte* end = source + length;
        byte* to = target;
        fixed (ushort* heads = _heads, earlier = _earlier)
        {
            var chains = new Chains(source, source, end - LastLiterals, heads, earlier);
            byte* lastStart = end - NoMatchWithin;
            byte* at = source;
            while (length > NoMatchWithin && at <= lastStart)
            {
                nuint best = chains.Longest(at, ShortestMatch - 1, _depth, out byte* match);
                if (best < ShortestMatch)
                {
                    at++;
                    continue;
                }
                while (best < LongEnough && at < lastStart)
                {
                    nuint next = chains.Longest(at + 1, best, _depth, out byte* nextMatch);
                    if (next <= best) break;
                    at++;
                    best = next;
                    match = nextMatch;
                }
                while (at > anchor && match > source && at[-1] == match[-1])
                {
                    at--;
                    match--;
                    best++;
                }
                byte* token = Lz4BlockEncoder.WriteLiterals(ref to, anchor, at);
                Unsafe.WriteUnaligned(to, (ushort)(at - match));
                to += 2;
                Lz4BlockEncoder.WriteMatchLength(ref to, token, best - ShortestMatch);
                at += best;
                anchor = at;
            }
        }
        Lz4BlockEncoder.WriteLastLiterals(ref to, anchor, end);
        return (int)(to - target);
    }

    ref struct Chains(byte* source, byte* next, byte* limit, ushort* heads, ushort* earlier)
    {

        /// <summary>The longest match that is longer than <paramref name="floor"/>, or the floor when there is none.</summary>
        public nuint Longest(byte* at, nuint floor, int depth, out byte* match)
        {
            for (; next < at; next++) Insert(next);
            nuint best = floor;
            match = null;
            uint word = Unsafe.ReadUnaligned<uint>(at);
            for (int place = heads[Hash(at)]; place != 0 && depth > 0; place = earlier[place - 1], depth--)
            {
                byte* candidate = source + place - 1;
                if (at + best >= limit) break;
                if (candidate[best] != at[best] || Unsafe.ReadUnaligned<uint>(candidate) != word) continue;
                nuint length = ShortestMatch
                    + Lz4BlockEncoder.MatchLength(at + ShortestMatch, candidate + ShortestMatch, limit);
                if (length <= best) continue;
                best = length;
                match = candidate;
            }
            return best;
        }

        readonly void Insert(byte* at)
        {
            ref ushort head = ref heads[Hash(at)];
            earlier[at - source] = head;
            head = (ushort)(at - source + 1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static uint Hash(byte* at) => (Unsafe.ReadUnaligned<uint>(at) * 2654435761) >> (32 - HeadBits);
    }
}
