using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Streams zstd (RFC 8878) without any library: any number of frames and skippable frames, all kinds of blocks, checksums
/// verified. Dictionaries and windows over 128 MiB are refused. One block (128 KiB at most) is decoded at a time; the
/// history in front of it grows with what has really been decoded, up to the window.
/// </summary>
sealed unsafe class ZstdDecoder : BatchDecoder
{
    const int BlockHeaderLength = 3;

    // A window's worth of history is moved to the front of the buffer at most once for every half of it.
    const int SmallestFresh = 2 * ZstdLiterals.LargestBlock;

    readonly ZstdBlockDecoder _blocks = new();

    ZstdFrame _frame;
    bool _inFrame;
    bool _lastBlockSeen;
    int _largestBlock;
    long _content;
    XxHash64 _hash;

    public override DecoderKind Kind => DecoderKind.Zstd;

    public override void Release()
    {
        base.Release();
        _blocks.Release();
    }

    protected override void Reset() => _inFrame = false;

    protected override int Produce(ReadOnlySpan<byte> source, Span<byte> window)
    {
        if (!_inFrame) return BeginFrame(source);
        return _lastBlockSeen ? EndFrame(source) : ReadBlock(source);
    }

    int BeginFrame(ReadOnlySpan<byte> source)
    {
        ZstdFrame.Start start = ZstdFrame.TryBegin(source, Position, out _frame);
        if (start.Fault.IsFault) return Fail(start.Fault.Reason, start.Fault.Text);
        Position += start.Skipped;
        Ended = start.IsEnd;
        if (start.Skipped > 0 || Ended) return 0;
        Position += _frame.HeaderLength;
        _inFrame = true;
        _lastBlockSeen = false;
        _largestBlock = (int)Math.Min(_frame.Window, ZstdLiterals.LargestBlock);
        _content = 0;
        _hash = new XxHash64();
        _blocks.BeginFrame();
        OutputStart = OutputEnd = 0;
        return 0;
    }

    int ReadBlock(ReadOnlySpan<byte> source)
    {
        ReadOnlySpan<byte> rest = source[Position..];
        if (rest.Length < BlockHeaderLength) return Fail(CompressionFaultReason.Truncated, "zstd: the last block is missing");
        int head = rest[0] | rest[1] << 8 | rest[2] << 16;
        int type = head >> 1 & 3;
        int length = head >> 3;
        int stored = type == 1 ? 1 : length;
        if (type == 3) return Fail(CompressionFaultReason.Corrupt, "zstd: a block is of no known kind");
        if (length > _largestBlock) return Fail(CompressionFaultReason.Corrupt, "zstd: a block is larger than the format allows");
        if (rest.Length - BlockHeaderLength < stored) return Fail(CompressionFaultReason.Truncated, "zstd: a block is cut short");
        rest = rest[BlockHeaderLength..];
        MakeRoom(source.Length, type == 2 ? _largestBlock : length);
        int made = length;
        switch (type)
        {
            case 0:
                rest[..length].CopyTo(Output.AsSpan(OutputEnd));
                break;
            case 1:
                Output.AsSpan(OutputEnd, length).Fill(rest[0]);
                break;
            default:
                made = DecodeBlock(rest, length);
                if (made < 0) return 0;
                break;
        }
        Position += BlockHeaderLength + stored;
        OutputStart = OutputEnd;
        OutputEnd += made;
        _content += made;
        _lastBlockSeen = (head & 1) != 0;
        if (_frame.HasChecksum) _hash.Append(Output.AsSpan(OutputStart, made));
        return 0;
    }

    int DecodeBlock(ReadOnlySpan<byte> rest, int length)
    {
        int made;
        fixed (byte* source = rest, output = Output)
        {
            made = _blocks.Decode(source, length, rest.Length, output, output + OutputEnd, _largestBlock);
        }
        if (made < 0)
        {
            Fail(CompressionFaultReason.Corrupt, made == ZstdBlockDecoder.LiteralsDamaged
                ? "zstd: the literals of a block are damaged"
                : "zstd: the sequences of a block are damaged");
        }
        return made;
    }

    int EndFrame(ReadOnlySpan<byte> source)
    {
        if (_frame.ContentSize != ZstdFrame.UnknownSize && _frame.ContentSize != _content)
        {
            return Fail(CompressionFaultReason.Corrupt, "zstd: the content is not as long as the header says");
        }
        if (_frame.HasChecksum)
        {
            if (source.Length - Position < 4) return Fail(CompressionFaultReason.Truncated, "zstd: the checksum is missing");
            if (BinaryPrimitives.ReadUInt32LittleEndian(source[Position..]) != (uint)_hash.Finish())
            {
                return Fail(CompressionFaultReason.BadChecksum, "zstd: the checksum does not match");
            }
            Position += 4;
        }
        _inFrame = false;
        return 0;
    }

    // Room for one block more. The buffer grows, at least twofold, until it holds the window and half as much again; from
    // then on the window is moved to the front whenever the buffer is full.
    void MakeRoom(int sourceLength, int block)
    {
        int needed = OutputEnd + block + Slack;
        if (needed <= Output.Length) return;
        int keep = (int)Math.Min(OutputEnd, _frame.Window);
        long full = _frame.Window + Math.Max(_frame.Window / 2, SmallestFresh) + Slack;
        if (Output.Length >= full)
        {
            Output.AsSpan(OutputEnd - keep, keep).CopyTo(Output);
            OutputStart = OutputEnd = keep;
            return;
        }

        // Plain bytes are rarely more than four times the compressed ones: a guess that real input pays for.
        long guess = Math.Max(Output.Length * 2L, Math.Min(sourceLength * 4L, 4 << 20));
        byte[] larger = Scratch.Rent((int)Math.Min(Math.Max(guess, needed), Math.Max(full, needed)));
        Output.AsSpan(0, OutputEnd).CopyTo(larger);
        Scratch.GiveBack(ref Output);
        Output = larger;
    }
}
