using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// The header of a zstd frame (RFC 8878, 3.1.1.1): magic 0 · descriptor 4 · [window] · [dictionary] · [content size].
/// </summary>
readonly record struct ZstdFrame(long Window, long ContentSize, bool HasChecksum, int HeaderLength)
{
    public const uint Magic = 0xFD2F_B528;
    public const uint SkippableMagic = 0x184D_2A50;
    public const uint SkippableMask = 0xFFFF_FFF0;

    public const int UnknownSize = -1;

    /// <summary>What Kafka's reader takes; a frame that asks for more is refused before anything is set aside.</summary>
    public const long LargestWindow = 128 << 20;

    public const int SmallestWindowLog = 10;
    public const byte SingleSegmentFlag = 0x20;
    const byte ReservedFlag = 0x08;
    const byte ChecksumFlag = 0x04;

    /// <summary>What stands where a frame may begin: a frame, something to skip, the end, or nothing of the kind.</summary>
    public readonly record struct Start(CompressionFault Fault, int Skipped, bool IsEnd);

    /// <summary>Looks at what begins at <paramref name="position"/>; the source may end there, unless it is empty.</summary>
    public static Start TryBegin(ReadOnlySpan<byte> source, int position, out ZstdFrame frame)
    {
        frame = default;
        ReadOnlySpan<byte> rest = source[position..];
        if (rest.IsEmpty && position > 0) return new(CompressionFault.None, 0, IsEnd: true);
        if (rest.Length < 4) return new(CutShort(), 0, false);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (magic == Magic) return new(TryRead(rest, out frame), 0, false);
        if ((magic & SkippableMask) == SkippableMagic)
        {
            uint length = rest.Length < 8 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            return length > rest.Length - 8
                ? new(new(CompressionFaultReason.Truncated, "zstd: a skippable frame is cut short", 0), 0, false)
                : new(CompressionFault.None, 8 + (int)length, false);
        }
        return new(
            new(CompressionFaultReason.BadMagic, position == 0
                ? "zstd: the magic number is not a zstd frame's"
                : "zstd: what follows the frame is not another one", 0),
            0,
            false);
    }

    static CompressionFault TryRead(ReadOnlySpan<byte> source, out ZstdFrame frame)
    {
        frame = default;
        if (source.Length < 5) return CutShort();
        byte descriptor = source[4];
        bool single = (descriptor & SingleSegmentFlag) != 0;
        int dictionaryLength = (descriptor & 3) switch { 3 => 4, var bytes => bytes };
        int sizeLength = (descriptor >> 6) switch { 0 => single ? 1 : 0, var log => 1 << log };
        int at = 5;
        int length = at + (single ? 0 : 1) + dictionaryLength + sizeLength;
        if (source.Length < length) return CutShort();
        if ((descriptor & ReservedFlag) != 0)
        {
            return new(CompressionFaultReason.BadHeader, "zstd: a reserved bit of the frame header is set", 4);
        }
        long window = single ? 0 : WindowOf(source[at++]);
        for (int i = 0; i < dictionaryLength; i++)
        {
            if (source[at + i] == 0) continue;
            return new(CompressionFaultReason.Unsupported, "zstd: the frame needs a dictionary", at);
        }
        at += dictionaryLength;
        ulong size = sizeLength switch
        {
            0 => 0,
            1 => source[at],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(source[at..]) + 256ul,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(source[at..]),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(source[at..]),
        };
        if (size > long.MaxValue) return new(CompressionFaultReason.BadHeader, "zstd: the content size is absurd", at);
        if (single) window = (long)size;
        if (window > LargestWindow)
        {
            return new(CompressionFaultReason.Unsupported, "zstd: the frame needs a window of more than 128 MiB", at);
        }
        frame = new ZstdFrame(
            window, sizeLength == 0 ? UnknownSize : (long)size, (descriptor & ChecksumFlag) != 0, length);
        return CompressionFault.None;
    }

    static long WindowOf(byte descriptor)
    {
        long power = 1L << (SmallestWindowLog + (descriptor >> 3));
        return power + power / 8 * (descriptor & 7);
    }

    static CompressionFault CutShort() => new(CompressionFaultReason.Truncated, "zstd: the frame header is cut short", 0);
}
