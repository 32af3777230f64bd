using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Lz4;

/// <summary>
/// Streams one lz4 frame, a block at a time; whatever the frame carries of sizes and checksums is verified. Bytes behind
/// the frame are left alone and reported, as Kafka's reader ignores them. At most one block (4 MiB at most, 64 KiB as a
/// rule) is in memory.
/// </summary>
sealed unsafe class Lz4Decoder : BatchDecoder
{
    const int History = 64 << 10;

    byte _flags;
    int _largestBlock;
    ulong _contentSize;
    ulong _content;
    XxHash32 _hash;

    bool Linked => (_flags & Lz4Frame.IndependentFlag) == 0;

    public override DecoderKind Kind => DecoderKind.Lz4;

    protected override void Reset() => _largestBlock = 0;

    protected override int Produce(ReadOnlySpan<byte> source, Span<byte> window)
    {
        if (_largestBlock == 0) return ReadHeader(source);
        if (source.Length - Position < 4) return Fail(CompressionFaultReason.Truncated, "lz4: the end mark is missing");
        uint head = BinaryPrimitives.ReadUInt32LittleEndian(source[Position..]);
        Position += 4;
        return head == 0 ? ReadEnd(source) : ReadBlock(source, head, window);
    }

    int ReadHeader(ReadOnlySpan<byte> source)
    {
        if (source.Length < Lz4Frame.HeaderLength)
        {
            return Fail(CompressionFaultReason.Truncated, "lz4: the frame header is cut short");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Lz4Frame.Magic)
        {
            return Fail(CompressionFaultReason.BadMagic, "lz4: the magic number is not an lz4 frame's");
        }
        Position = 4;
        byte flags = source[4];
        int blockSize = source[5];
        if (flags >> Lz4Frame.VersionShift != 1) return BadHeader("lz4: the frame's version is not 1");
        if ((flags & Lz4Frame.ReservedFlag) != 0) return BadHeader("lz4: a reserved flag is set");
        if ((flags & Lz4Frame.DictionaryFlag) != 0)
        {
            return Fail(CompressionFaultReason.Unsupported, "lz4: the frame needs a dictionary");
        }
        if ((blockSize & 0x8F) != 0 || blockSize < 4 << 4) return BadHeader("lz4: the block size code is unknown");
        int length = 2 + ((flags & Lz4Frame.ContentSizeFlag) != 0 ? 8 : 0);
        if (source.Length < 4 + length + 1)
        {
            return Fail(CompressionFaultReason.Truncated, "lz4: the frame header is cut short");
        }
        if (source[4 + length] != Lz4Frame.HeaderChecksum(source.Slice(4, length)))
        {
            if (source[4 + length] != Lz4Frame.HeaderChecksum(source[..(4 + length)]))
            {
                return Fail(CompressionFaultReason.BadChecksum, "lz4: the header checksum does not match");
            }
            Oddities |= StreamOddities.OldLz4HeaderChecksum;
        }
        if (length > 2) _contentSize = BinaryPrimitives.ReadUInt64LittleEndian(source[6..]);
        _flags = flags;
        _content = 0;
        _hash = new XxHash32();
        _largestBlock = 1 << (2 * (blockSize >> 4) + 8);
        if (Linked) Oddities |= StreamOddities.LinkedBlocks;
        Position = 4 + length + 1;
        return 0;
    }

    int ReadBlock(ReadOnlySpan<byte> source, uint head, Span<byte> window)
    {
        int length = (int)(head & ~Lz4Frame.Stored);
        if (length > _largestBlock) return Fail(CompressionFaultReason.Corrupt, "lz4: a block is larger than the frame allows");
        bool hasChecksum = (_flags & Lz4Frame.BlockChecksumFlag) != 0;
        if (source.Length - Position < length + (hasChecksum ? 4 : 0))
        {
            return Fail(CompressionFaultReason.Truncated, "lz4: a block is cut short");
        }
        ReadOnlySpan<byte> block = source.Slice(Position, length);
        if (hasChecksum && !Matches(XxHash32.Compute(block), source[(Position + length)..]))
        {
            return Fail(CompressionFaultReason.BadChecksum, "lz4: a block's checksum does not match");
        }
        int made = Decode(block, (head & Lz4Frame.Stored) != 0, window, out bool direct);
        if (made < 0)
        {
            return Fail(CompressionFaultReason.Corrupt, made == Lz4BlockDecoder.TooLong
                ? "lz4: a block decodes to more than the frame allows"
                : "lz4: a block is damaged");
        }
        Position += length + (hasChecksum ? 4 : 0);
        ReadOnlySpan<byte> plain = direct ? window[..made] : Output.AsSpan(OutputStart, made);
        _content += (uint)made;
        if ((_flags & Lz4Frame.ContentChecksumFlag) != 0) _hash.Append(plain);
        return direct ? made : 0;
    }

    int Decode(ReadOnlySpan<byte> block, bool stored, Span<byte> window, out bool direct)
    {
        // No block can grow more than 255-fold, so a small one does not get the room of a large one.
        int capacity = stored ? block.Length : (int)Math.Min(_largestBlock, block.Length * 255L);
        direct = !Linked && window.Length >= capacity;
        if (!direct) MakeRoom(capacity);
        Span<byte> target = direct ? window[..capacity] : Output.AsSpan(OutputStart, capacity);
        int made = capacity;
        if (stored)
        {
            block.CopyTo(target);
        }
        else
        {
            fixed (byte* from = block, to = target)
            {
                made = Lz4BlockDecoder.Decode(from, block.Length, to, capacity, direct ? 0 : OutputStart);
            }
        }
        if (!direct && made > 0) OutputEnd = OutputStart + made;
        return made;
    }

    // Independent blocks start afresh; linked ones keep the last 64 KiB in front of them.
    void MakeRoom(int capacity)
    {
        int keep = Linked ? Math.Min(OutputEnd, History) : 0;
        int from = OutputEnd - keep;
        if (!Linked || OutputEnd + capacity > Output.Length - Slack)
        {
            Output.AsSpan(from, keep).CopyTo(Output);
            OutputStart = OutputEnd = keep;
        }
        Reserve(OutputEnd + capacity, OutputEnd);
    }

    int ReadEnd(ReadOnlySpan<byte> source)
    {
        if ((_flags & Lz4Frame.ContentSizeFlag) != 0 && _contentSize != _content)
        {
            return Fail(CompressionFaultReason.Corrupt, "lz4: the content is not as long as the header says");
        }
        if ((_flags & Lz4Frame.ContentChecksumFlag) != 0)
        {
            if (source.Length - Position < 4)
            {
                return Fail(CompressionFaultReason.Truncated, "lz4: the content checksum is missing");
            }
            if (!Matches(_hash.Finish(), source[Position..]))
            {
                return Fail(CompressionFaultReason.BadChecksum, "lz4: the content checksum does not match");
            }
            Position += 4;
        }
        if (Position < source.Length) Oddities |= StreamOddities.BytesBehindTheEnd;
        Ended = true;
        return 0;
    }

    int BadHeader(string text) => Fail(CompressionFaultReason.BadHeader, text);

    static bool Matches(uint hash, ReadOnlySpan<byte> stored) => hash == BinaryPrimitives.ReadUInt32LittleEndian(stored);
}
