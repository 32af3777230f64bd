using System.Buffers.Binary;

namespace AkkaStream.Client;

/// <summary>
/// Which partition a key belongs to. The same hash as Kafka's Java client has, so that producers of all languages agree.
/// </summary>
public static class Partitioning
{
    /// <summary>The partition of a key among so many.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (Murmur2(key) & int.MaxValue) % partitions;

    /// <summary>MurmurHash2, 32 bits, with Kafka's seed.</summary>
    public static int Murmur2(ReadOnlySpan<byte> bytes)
    {
        const uint seed = 0x9747b28c, m = 0x5bd1e995;
        const int r = 24;
        uint h = seed ^ (uint)bytes.Length;
        while (bytes.Length >= 4)
        {
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(bytes) * m;
            k ^= k >> r;
            h = (h * m) ^ (k * m);
            bytes = bytes[4..];
        }
        if (bytes.Length >= 3) h ^= (uint)bytes[2] << 16;
        if (bytes.Length >= 2) h ^= (uint)bytes[1] << 8;
        if (bytes.Length >= 1) h = (h ^ bytes[0]) * m;
        h = (h ^ (h >> 13)) * m;
        return (int)(h ^ (h >> 15));
    }
}
