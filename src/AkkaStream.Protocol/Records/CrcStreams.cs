using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// Hides the latency of the crc instruction: three neighbouring pieces of equal length are checksummed side by side and
/// then joined by two carry-less multiplications. For x86 without wide folding; one instance a piece length. Pure.
/// </summary>
sealed class CrcStreams
{
    readonly nuint _piece;
    readonly Vector128<ulong> _joins;

    /// <summary><paramref name="piece"/>: bytes of one of the three streams, a multiple of 8.</summary>
    public CrcStreams(CrcFolding polynomial, int piece)
    {
        _piece = (nuint)piece;
        // The instruction multiplies by x^32 and the reflected product by x, hence 33 less than the distance.
        _joins = Vector128.Create(polynomial.PowerOfX(2 * piece * 8 - 33), (ulong)polynomial.PowerOfX(piece * 8 - 33));
    }

    public static bool IsSupported => Sse42.X64.IsSupported && Pclmulqdq.IsSupported;

    /// <summary>Takes as many whole triples of pieces as there are behind <paramref name="done"/>, and moves it on.</summary>
    public uint Append(uint crc, ref byte source, nuint length, ref nuint done)
    {
        nuint piece = _piece;
        nuint at = done;
        for (; length - at >= 3 * piece; at += 2 * piece)
        {
            uint second = 0;
            uint third = 0;
            nuint end = at + piece - 8;
            for (; at < end; at += 8)
            {
                crc = BitOperations.Crc32C(crc, Word(ref source, at));
                second = BitOperations.Crc32C(second, Word(ref source, at + piece));
                third = BitOperations.Crc32C(third, Word(ref source, at + 2 * piece));
            }
            crc = BitOperations.Crc32C(crc, Word(ref source, at));
            second = BitOperations.Crc32C(second, Word(ref source, at + piece));
            Vector128<ulong> joined = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)crc), _joins, 0x00)
                ^ Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)second), _joins, 0x10);
            crc = BitOperations.Crc32C(third, Word(ref source, at + 2 * piece) ^ joined[0]);
            at += 8;
        }
        done = at;
        return crc;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Word(ref byte source, nuint at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, at));
}
