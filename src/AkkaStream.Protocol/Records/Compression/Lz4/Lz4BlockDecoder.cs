using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression.Lz4;

/// <summary>
/// Decodes one lz4 block: sequences of a token (literal length, match length), literals, a two-byte distance. Never reads
/// outside the block and never writes outside the target, whatever the bytes say. Pure.
/// </summary>
static unsafe class Lz4BlockDecoder
{
    public const int Corrupt = -1;

    /// <summary>The block holds more than the target can take.</summary>
    public const int TooLong = -2;

    const int LongLength = 15;
    const int ShortestMatch = 4;

    // A short sequence reads 16 bytes for its literals and then two for the distance ...
    const int FastInput = 18;

    // ... and writes at most 14 literals and 18 matched bytes, both in vector steps.
    const int FastOutput = 14 + 32 + Copies.Overrun;

    /// <summary>
    /// Returns the number of bytes written or a negative reason. <paramref name="history"/> bytes directly in front of
    /// the target may be referred to.
    /// </summary>
    public static int Decode(byte* source, int length, byte* target, int capacity, int history)
    {
        byte* at = source;
        byte* end = source + length;
        byte* to = target;
        byte* limit = target + capacity;
        byte* oldest = target - history;
        while (at < end)
        {
            uint token = *at++;
            nuint literals = token >> 4;
            bool roomy = end - at >= FastInput && limit - to >= FastOutput;
            if (literals < LongLength && roomy)
            {
                Vector128.Load(at).Store(to);
                to += literals;
                at += literals;
            }
            else
            {
                if (literals == LongLength && !ReadLength(ref at, end, ref literals)) return Corrupt;
                if (literals > (nuint)(end - at)) return Corrupt;
                if (literals > (nuint)(limit - to)) return TooLong;
                CopyLiterals(at, end, to, limit, literals);
                to += literals;
                at += literals;
                if (at == end) return (int)(to - target);
                if (end - at < 2) return Corrupt;
                roomy = limit - to >= FastOutput;
            }

            nuint distance = Unsafe.ReadUnaligned<ushort>(at);
            at += 2;
            if (distance - 1 >= (nuint)(to - oldest)) return Corrupt;
            nuint match = token & 15;
            if (match < LongLength && roomy && distance >= 16)
            {
                Vector128.Load(to - distance).Store(to);
                Unsafe.WriteUnaligned(to + 16, Unsafe.ReadUnaligned<ushort>(to + 16 - distance));
                to += match + ShortestMatch;
                continue;
            }
            if (match == LongLength && !ReadLength(ref at, end, ref match)) return Corrupt;
            match += ShortestMatch;
            if (match > (nuint)(limit - to)) return TooLong;
            if ((nuint)(limit - to) - match >= Copies.Overrun) Copies.Match(to, distance, match);
            else Copies.MatchExact(to, distance, match);
            to += match;
        }

        // A block ends behind literals, never behind a match.
        return Corrupt;
    }

    // Cannot overflow: each byte adds at most 255, and there are fewer than 2^31 of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ReadLength(ref byte* at, byte* end, ref nuint length)
    {
        byte more;
        do
        {
            if (at >= end) return false;
            more = *at++;
            length += more;
        }
        while (more == byte.MaxValue);
        return true;
    }

    static void CopyLiterals(byte* at, byte* end, byte* to, byte* limit, nuint count)
    {
        bool roomy = (nuint)(end - at) >= count + Copies.Overrun && (nuint)(limit - to) >= count + Copies.Overrun;
        if (roomy) Copies.Forward(to, at, count);
        else Buffer.MemoryCopy(at, to, limit - to, (long)count);
    }
}
