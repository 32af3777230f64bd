using System.Numerics;
using System.Runtime.InteropServices;
using AkkaStream.Protocol.Records;

namespace AkkaStream.CodecBench;

static class CrcBench
{
    // Each checksum goes on from the one before: with independent calls the processor would overlap them.
    static uint _crc;

    public static void Run()
    {
        Console.WriteLine("crc32c         here GB/s   ulong GB/s   ratio      ns");
        foreach (int size in (int[])[8, 21, 40, 60, 80, 100, 120, 128, 140, 160, 200, 256, 300, 512, 700, 1024, 4096, 16384, 262144, 1 << 20])
        {
            var bytes = new byte[size];
            new Random(1).NextBytes(bytes);
            double[] s = Clock.Best(() => _crc = Crc32C.Append(_crc, bytes), () => _crc = Words(_crc, bytes));
            Console.WriteLine($"{size,9} {size / s[0] / 1e9,14:F2} {size / s[1] / 1e9,12:F2} {s[1] / s[0],7:F2} {s[0] * 1e9,7:F1}");
        }
    }

    static uint Words(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, eight);
        foreach (byte one in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
