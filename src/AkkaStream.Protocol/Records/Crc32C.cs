using System.Numerics;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Records;

/// <summary>CRC-32C (Castagnoli), the checksum of record batches. Never a table, never byte by byte: see docs/performance.md.</summary>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Goes on from <paramref name="crc"/>, the checksum of everything before.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, eight);
        foreach (byte one in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
