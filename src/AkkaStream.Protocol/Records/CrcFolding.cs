using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// Checksums long spans by carry-less multiplication: a block of the message is multiplied by x^distance modulo the
/// polynomial and added to the block that lies that far behind it, until 16 bytes are left that have the same remainder
/// as everything before. One instance for each reflected 32-bit polynomial; used by Crc32C and by gzip's Crc32. Pure.
/// </summary>
/// <remarks>
/// In reflected order bit i of a 16-byte block stands for x^(127-i). A product of a quadword with a constant that holds its
/// 32 bits in the low half comes out multiplied by x^33 as well, so a fold over d bits takes x^(d+31) for the quadword that
/// comes first and x^(d-33) for the second.
/// </remarks>
sealed class CrcFolding
{
    /// <summary>Below this many bytes <see cref="Fold"/> has nothing to fold.</summary>
    public const int MinimumLength = 64;

    readonly uint _polynomial;
    readonly Vector128<ulong> _by128;
    readonly Vector128<ulong> _by512;
    readonly Vector512<ulong> _by512Wide;
    readonly Vector512<ulong> _by1024Wide;
    readonly Vector512<ulong> _by1536Wide;
    readonly Vector512<ulong> _by2048Wide;
    readonly Vector512<ulong> _lanesToLast;

    public CrcFolding(uint reflectedPolynomial)
    {
        _polynomial = reflectedPolynomial;
        _by128 = Constant(128);
        _by512 = Constant(512);
        _by512Wide = Wide(512);
        _by1024Wide = Wide(1024);
        _by1536Wide = Wide(1536);
        _by2048Wide = Wide(2048);
        _lanesToLast = Vector512.Create(
            Vector256.Create(Constant(384), Constant(256)),
            Vector256.Create(Constant(128), Vector128<ulong>.Zero));
    }

    public static bool IsSupported => Pclmulqdq.IsSupported;

    public static bool IsWide => Pclmulqdq.V512.IsSupported;

    /// <summary>
    /// Takes the largest multiple of 16 bytes from the front of <paramref name="length"/> (at least 64), with the running
    /// value <paramref name="crc"/> (not inverted) ahead of them, and returns 16 bytes of the same remainder.
    /// </summary>
    public Vector128<ulong> Fold(uint crc, ref byte source, ref nuint length) =>
        IsWide
            ? FoldWide(crc, ref source, ref length)
            : FoldNarrow(crc, ref source, ref length);

    internal Vector128<ulong> FoldWide(uint crc, ref byte source, ref nuint length)
    {
        nuint at = 64;
        nuint left = length;
        Vector512<ulong> a = Load512(ref source, 0) ^ Vector512.CreateScalar((ulong)crc);
        if (left >= 512)
        {
            Vector512<ulong> b = Load512(ref source, 64);
            Vector512<ulong> c = Load512(ref source, 128);
            Vector512<ulong> d = Load512(ref source, 192);
            Vector512<ulong> k = _by2048Wide;
            at = 256;
            do
            {
                a = Multiply(a, k) ^ Load512(ref source, at);
                b = Multiply(b, k) ^ Load512(ref source, at + 64);
                c = Multiply(c, k) ^ Load512(ref source, at + 128);
                d = Multiply(d, k) ^ Load512(ref source, at + 192);
                at += 256;
            }
            while (left - at >= 256);
            a = Multiply(a, _by1536Wide) ^ Multiply(b, _by1024Wide) ^ Multiply(c, _by512Wide) ^ d;
        }
        for (; left - at >= 64; at += 64) a = Multiply(a, _by512Wide) ^ Load512(ref source, at);

        Vector512<ulong> lanes = Multiply(a, _lanesToLast);
        Vector256<ulong> halves = lanes.GetLower() ^ lanes.GetUpper();
        Vector128<ulong> last = halves.GetLower() ^ halves.GetUpper() ^ a.GetUpper().GetUpper();
        for (; left - at >= 16; at += 16) last = Multiply(last, _by128) ^ Load128(ref source, at);
        length = at;
        return last;
    }

    internal Vector128<ulong> FoldNarrow(uint crc, ref byte source, ref nuint length)
    {
        nuint at = 64;
        nuint left = length;
        Vector128<ulong> a = Load128(ref source, 0) ^ Vector128.CreateScalar((ulong)crc);
        Vector128<ulong> b = Load128(ref source, 16);
        Vector128<ulong> c = Load128(ref source, 32);
        Vector128<ulong> d = Load128(ref source, 48);
        Vector128<ulong> k = _by512;
        for (; left - at >= 64; at += 64)
        {
            a = Multiply(a, k) ^ Load128(ref source, at);
            b = Multiply(b, k) ^ Load128(ref source, at + 16);
            c = Multiply(c, k) ^ Load128(ref source, at + 32);
            d = Multiply(d, k) ^ Load128(ref source, at + 48);
        }
        k = _by128;
        a = Multiply(a, k) ^ b;
        a = Multiply(a, k) ^ c;
        a = Multiply(a, k) ^ d;
        for (; left - at >= 16; at += 16) a = Multiply(a, k) ^ Load128(ref source, at);
        length = at;
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Multiply(Vector512<ulong> block, Vector512<ulong> constant) =>
        Pclmulqdq.V512.CarrylessMultiply(block, constant, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(block, constant, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ulong> Multiply(Vector128<ulong> block, Vector128<ulong> constant) =>
        Pclmulqdq.CarrylessMultiply(block, constant, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, constant, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Load512(ref byte source, nuint at) => Vector512.LoadUnsafe(ref source, at).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<ulong> Load128(ref byte source, nuint at) => Vector128.LoadUnsafe(ref source, at).AsUInt64();

    Vector512<ulong> Wide(int distance)
    {
        Vector128<ulong> one = Constant(distance);
        return Vector512.Create(Vector256.Create(one, one), Vector256.Create(one, one));
    }

    Vector128<ulong> Constant(int distance) =>
        Vector128.Create(PowerOfX(distance + 31), (ulong)PowerOfX(distance - 33));

    /// <summary>x^n modulo the polynomial, reflected: bit 31 stands for x^0.</summary>
    public uint PowerOfX(int n)
    {
        uint power = 0x8000_0000;
        for (; n > 0; n--) power = (power & 1) != 0 ? (power >> 1) ^ _polynomial : power >> 1;
        return power;
    }
}
