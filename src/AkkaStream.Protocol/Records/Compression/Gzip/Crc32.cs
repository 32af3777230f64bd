using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>CRC-32 (IEEE 802.3), the checksum of gzip members: folded where the processor can, by tables elsewhere. Pure.</summary>
static class Crc32
{
    const uint Polynomial = 0xEDB8_8320;

    static readonly CrcFolding Folding = new(Polynomial);
    static readonly uint[] Tables = MakeTables();

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        if (bytes.Length >= CrcFolding.MinimumLength && CrcFolding.IsSupported)
        {
            nuint folded = (nuint)bytes.Length;
            Vector128<byte> rest = Folding.Fold(crc, ref MemoryMarshal.GetReference(bytes), ref folded).AsByte();
            crc = AppendByTables(0, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in rest, 1)));
            bytes = bytes[(int)folded..];
        }
        return ~AppendByTables(crc, bytes);
    }

    static uint AppendByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            ulong word = MemoryMarshal.Read<ulong>(bytes) ^ crc;
            crc = 0;
            for (int i = 0; i < 8; i++, word >>= 8) crc ^= tables[((7 - i) << 8) + (byte)word];
        }
        foreach (byte one in bytes) crc = (crc >> 8) ^ tables[(byte)(crc ^ one)];
        return crc;
    }

    // Table k tells what a byte does to the checksum that has k more bytes behind it.
    static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[i] = crc;
        }
        for (int i = 256; i < tables.Length; i++) tables[i] = (tables[i - 256] >> 8) ^ tables[(byte)tables[i - 256]];
        return tables;
    }
}
