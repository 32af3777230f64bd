using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Snappy;

/// <summary>
/// Writes snappy as Kafka's clients do: a 16-byte stream header, then raw blocks of 32 KiB behind their lengths. Pure;
/// allocates nothing.
/// </summary>
static unsafe class SnappyEncoder
{
    // The readers take any; this is what Kafka's writer uses.
    const int BlockLength = 32 << 10;

    public static int Encode(ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        SnappyStream.Header.CopyTo(target.GetSpan(SnappyStream.HeaderLength));
        target.Advance(SnappyStream.HeaderLength);
        int written = SnappyStream.HeaderLength;
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(source.Length, BlockLength)];
            written += WriteBlock(block, target);
            source = source[block.Length..];
        }
        return written;
    }

    [SkipLocalsInit]
    static int WriteBlock(ReadOnlySpan<byte> block, IBufferWriter<byte> target)
    {
        ushort* table = stackalloc ushort[SnappyBlockEncoder.LargestTable];
        Span<byte> space = target.GetSpan(4 + SnappyBlockEncoder.Bound(block.Length));
        int length;
        fixed (byte* from = block, to = space)
        {
            length = SnappyBlockEncoder.Encode(from, block.Length, to + 4, table);
        }
        BinaryPrimitives.WriteInt32BigEndian(space, length);
        target.Advance(4 + length);
        return 4 + length;
    }
}
