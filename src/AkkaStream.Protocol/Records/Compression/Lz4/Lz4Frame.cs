using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Lz4;

/// <summary>
/// The lz4 frame around the blocks: magic 0 · flags 4 · block size 5 · [content size 6] · header checksum · blocks, each
/// behind its length · a zero length · [content checksum]. Numbers are little-endian.
/// </summary>
static class Lz4Frame
{
    public const uint Magic = 0x184D_2204;

    /// <summary>The top bit of a block's length: the block is stored as it was.</summary>
    public const uint Stored = 0x8000_0000;

    public const byte IndependentFlag = 0x20;
    public const byte BlockChecksumFlag = 0x10;
    public const byte ContentSizeFlag = 0x08;
    public const byte ContentChecksumFlag = 0x04;
    public const byte ReservedFlag = 0x02;
    public const byte DictionaryFlag = 0x01;
    public const int VersionShift = 6;

    public const int HeaderLength = 7;

    /// <summary>What Kafka's clients write: version 1, independent blocks of 64 KiB, no sizes, no checksums.</summary>
    public static void WriteHeader(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        target[4] = 1 << VersionShift | IndependentFlag;
        target[5] = 4 << 4;
        target[6] = HeaderChecksum(target.Slice(4, 2));
    }

    /// <summary>Over flags, block size and content size; the magic is not part of it.</summary>
    public static byte HeaderChecksum(ReadOnlySpan<byte> descriptor) => (byte)(XxHash32.Compute(descriptor) >> 8);
}
