using System.Buffers;
using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Lz4;

/// <summary>Writes a whole lz4 frame, a block of 64 KiB at a time. Pure; allocates nothing.</summary>
static unsafe class Lz4Encoder
{
    public static int Encode(int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        Lz4Frame.WriteHeader(target.GetSpan(Lz4Frame.HeaderLength));
        target.Advance(Lz4Frame.HeaderLength);
        int written = Lz4Frame.HeaderLength;
        using Lz4HighBlockEncoder? thorough = level == CompressionLevels.Lz4Default ? null : new Lz4HighBlockEncoder(Depth(level));
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(source.Length, Lz4BlockEncoder.MaximumLength)];
            written += WriteBlock(block, target, thorough);
            source = source[block.Length..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(4), 0);
        target.Advance(4);
        return written + 4;
    }

    static int WriteBlock(ReadOnlySpan<byte> block, IBufferWriter<byte> target, Lz4HighBlockEncoder? thorough)
    {
        Span<byte> space = target.GetSpan(4 + Lz4BlockEncoder.Bound(block.Length));
        int length;
        fixed (byte* from = block, to = space)
        {
            length = thorough is null
                ? EncodeFast(from, block.Length, to + 4)
                : thorough.Encode(from, block.Length, to + 4);
        }
        uint head = (uint)length;
        if (length >= block.Length)
        {
            length = block.Length;
            head = (uint)length | Lz4Frame.Stored;
            block.CopyTo(space[4..]);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(space, head);
        target.Advance(4 + length);
        return 4 + length;
    }

    static int EncodeFast(byte* source, int length, byte* target)
    {
        ushort* table = stackalloc ushort[Lz4BlockEncoder.TableLength];
        return Lz4BlockEncoder.Encode(source, length, target, table);
    }

    // 1 to 17 as Kafka's topics have them; each level doubles the work until more stops paying within 64 KiB.
    static int Depth(int level) => 4 << Math.Clamp(level - 2, 0, 8);
}
