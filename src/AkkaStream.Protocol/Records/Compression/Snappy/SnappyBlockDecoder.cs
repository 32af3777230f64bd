using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression.Snappy;

/// <summary>
/// Decodes the elements of a raw snappy block: literals, and copies of up to 64 bytes with one, two or four bytes of
/// distance. Can stop between elements and go on later, so that a large block streams through a small buffer. Never
/// reads outside the block and never writes outside the target, whatever the bytes say.
/// </summary>
unsafe ref struct SnappyBlockDecoder
{
    public enum Verdict
    {
        /// <summary>The elements are used up.</summary>
        Done,

        /// <summary>The target has no room for another copy.</summary>
        Full,

        Corrupt,

        /// <summary>A copy reaches further back than the target does; right only if more has been produced before.</summary>
        TooFar,
    }

    const int LongestCopy = 64;
    const nuint InlineLiteral = 60;

    // With this much room an element can be copied in whole vectors without another look.
    const int FastRoom = LongestCopy + Copies.Overrun;

    public byte* At;
    public byte* End;

    /// <summary>Literal bytes of the element that was broken off.</summary>
    public nuint PendingLiteral;

    /// <summary>Writes from <paramref name="to"/> up to <paramref name="limit"/>; copies may look back to <paramref name="oldest"/>.</summary>
    public Verdict Decode(byte* oldest, ref byte* to, byte* limit)
    {
        byte* at = At;
        byte* target = to;
        Verdict verdict = Run(oldest, ref at, ref target, limit);
        At = at;
        to = target;
        return verdict;
    }

    Verdict Run(byte* oldest, ref byte* from, ref byte* to, byte* limit)
    {
        byte* at = from;
        byte* target = to;
        byte* end = End;
        Verdict verdict = Verdict.Done;
        if (PendingLiteral > 0 && !CopyLiteral(ref at, ref target, limit, PendingLiteral)) verdict = Verdict.Full;
        while (at < end && verdict == Verdict.Done)
        {
            bool roomy = limit - target >= FastRoom && end - at >= 1 + 16;
            uint tag = *at;
            nuint length = (tag >> 2) + 1;
            if ((tag & 3) == 0)
            {
                at++;
                if (length <= 16 && roomy)
                {
                    Vector128.Load(at).Store(target);
                    at += length;
                    target += length;
                    continue;
                }
                if (length > InlineLiteral && !ReadLiteralLength(ref at, end, ref length)) verdict = Verdict.Corrupt;
                else if (length > (nuint)(end - at)) verdict = Verdict.Corrupt;
                else if (!CopyLiteral(ref at, ref target, limit, length)) verdict = Verdict.Full;
                continue;
            }

            byte* element = at;
            if (!ReadCopy(tag, ref at, end, ref length, out nuint distance)) verdict = Verdict.Corrupt;
            else if (distance - 1 >= (nuint)(target - oldest))
            {
                at = element;
                verdict = distance == 0 ? Verdict.Corrupt : Verdict.TooFar;
            }
            else if (roomy)
            {
                if (distance >= 16 && length <= 32)
                {
                    Vector128.Load(target - distance).Store(target);
                    Vector128.Load(target - distance + 16).Store(target + 16);
                }
                else
                {
                    Copies.Match(target, distance, length);
                }
                target += length;
            }
            else if (length <= (nuint)(limit - target))
            {
                Copies.MatchExact(target, distance, length);
                target += length;
            }
            else
            {
                at = element;
                verdict = Verdict.Full;
            }
        }
        from = at;
        to = target;
        return verdict;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool ReadCopy(uint tag, ref byte* at, byte* end, ref nuint length, out nuint distance)
    {
        distance = 0;
        if ((tag & 3) == 1)
        {
            if (end - at < 2) return false;
            length = ((tag >> 2) & 7) + 4;
            distance = ((tag >> 5) << 8) | at[1];
            at += 2;
            return true;
        }
        if ((tag & 3) == 2)
        {
            if (end - at < 3) return false;
            distance = Unsafe.ReadUnaligned<ushort>(at + 1);
            at += 3;
            return true;
        }
        if (end - at < 5) return false;
        distance = Unsafe.ReadUnaligned<uint>(at + 1);
        at += 5;
        return true;
    }

    // Lengths of 61 to 64 in the tag mean: one to four bytes hold the length less one.
    static bool ReadLiteralLength(ref byte* at, byte* end, ref nuint length)
    {
        nuint bytes = length - InlineLiteral;
        if ((nuint)(end - at) < bytes) return false;
        length = 1;
        for (nuint i = 0; i < bytes; i++) length += (nuint)at[i] << (int)(8 * i);
        at += bytes;
        return true;
    }

    /// <summary>False when only the first part fitted; the rest is then pending.</summary>
    bool CopyLiteral(ref byte* at, ref byte* target, byte* limit, nuint length)
    {
        nuint now = Math.Min(length, (nuint)(limit - target));
        Buffer.MemoryCopy(at, target, limit - target, (long)now);
        at += now;
        target += now;
        PendingLiteral = length - now;
        return PendingLiteral == 0;
    }
}
