using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches, over the bytes where they lie. Long spans are folded by wide
/// carry-less multiplication where the processor has it, or run as three streams through its crc instruction; the rest
/// goes eight bytes at a time. Never a table, never byte by byte. Pure, any thread.
/// </summary>
public static class Crc32C
{
    const uint Polynomial = 0x82F6_3B78;

    // Shorter spans are through the instruction before folding has paid for its last step (measured).
    const int WorthFolding = 192;

    static readonly CrcFolding Folding = new(Polynomial);
    static readonly CrcStreams LongStreams = new(Folding, 2048);
    static readonly CrcStreams ShortStreams = new(Folding, 128);

    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Goes on from <paramref name="crc"/>, the checksum of everything before.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        nuint left = (nuint)bytes.Length;
        if (left >= WorthFolding)
        {
            nuint done = left;
            if (CrcFolding.IsWide)
            {
                Vector128<ulong> rest = Folding.Fold(crc, ref at, ref done);
                crc = BitOperations.Crc32C(BitOperations.Crc32C(0, rest[0]), rest[1]);
            }
            else
            {
                done = 0;
                if (CrcStreams.IsSupported)
                {
                    crc = LongStreams.Append(crc, ref at, left, ref done);
                    crc = ShortStreams.Append(crc, ref at, left, ref done);
                }
            }
            at = ref Unsafe.Add(ref at, done);
            left -= done;
        }
        return ~AppendWords(crc, ref at, left);
    }

    static uint AppendWords(uint crc, ref byte at, nuint left)
    {
        for (; left >= 8; left -= 8, at = ref Unsafe.Add(ref at, 8))
        {
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref at));
        }
        if ((left & 4) != 0)
        {
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<uint>(ref at));
            at = ref Unsafe.Add(ref at, 4);
        }
        if ((left & 2) != 0)
        {
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ushort>(ref at));
            at = ref Unsafe.Add(ref at, 2);
        }
        return (left & 1) != 0 ? BitOperations.Crc32C(crc, at) : crc;
    }
}
