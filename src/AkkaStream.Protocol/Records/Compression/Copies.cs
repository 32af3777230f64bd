using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// The copies that every decoder of the Lempel-Ziv family makes, in vector steps that may write up to
/// <see cref="Overrun"/> bytes behind their end. Callers prove that those bytes are theirs, or use the exact forms.
/// </summary>
static unsafe class Copies
{
    public const int Overrun = 32;

    // For each distance below 16: which byte of the pattern stands at each place of a 16-byte vector.
    static ReadOnlySpan<byte> Repeats =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
        0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
        0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
        0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
        0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
    ];

    // The largest multiple of each distance that fits into 16.
    static ReadOnlySpan<byte> Strides => [16, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Regions that do not overlap. Reads as far behind its end as it writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(byte* target, byte* source, nuint length)
    {
        byte* end = target + length;
        do
        {
            Vector256.Load(source).Store(target);
            target += 32;
            source += 32;
        }
        while (target < end);
    }

    /// <summary>Repeats the bytes that lie <paramref name="distance"/> back, of which there may be fewer than wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Match(byte* target, nuint distance, nuint length)
    {
        if (distance >= 16) MatchFar(target, distance, length);
        else MatchNear(target, distance, length);
    }

    /// <summary>Like <see cref="Match"/> to the byte, for the last few of a buffer.</summary>
    public static void MatchExact(byte* target, nuint distance, nuint length)
    {
        byte* source = target - distance;
        for (nuint i = 0; i < length; i++) target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void MatchFar(byte* target, nuint distance, nuint length)
    {
        byte* source = target - distance;
        byte* end = target + length;
        do
        {
            // Two steps of 16, not one of 32: the second may read what the first has written.
            Vector128.Load(source).Store(target);
            Vector128.Load(source + 16).Store(target + 16);
            target += 32;
            source += 32;
        }
        while (target < end);
    }

    static void MatchNear(byte* target, nuint distance, nuint length)
    {
        ref byte repeats = ref MemoryMarshal.GetReference(Repeats);
        Vector128<byte> pattern = Vector128.ShuffleNative(
            Vector128.Load(target - distance),
            Vector128.LoadUnsafe(ref repeats, distance * 16));
        nuint stride = Unsafe.Add(ref MemoryMarshal.GetReference(Strides), distance);
        byte* end = target + length;
        do
        {
            pattern.Store(target);
            target += stride;
        }
        while (target < end);
    }
}
