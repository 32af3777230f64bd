using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Snappy;

/// <summary>
/// Streams snappy in both forms that clients send: blocks in snappy-java's framing, or one raw block. A block goes
/// straight into the caller's window if it fits; a larger one runs through 128 KiB, because every known compressor looks
/// back 64 KiB at most. The format allows more, so a block that does look further is decoded again as a whole, within the
/// caller's bound.
/// </summary>
sealed unsafe class SnappyDecoder : BatchDecoder
{
    const int History = 64 << 10;
    const int Fresh = 64 << 10;

    // The densest element is a three-byte copy of 64 bytes.
    const int LargestGrowth = 22;

    bool _framed;
    bool _inBlock;
    bool _whole;

    // Of the present block: where its elements are, how many plain bytes it says it has, and how many are decoded.
    int _firstElement;
    int _at;
    int _blockEnd;
    long _declared;
    long _decoded;
    nuint _pendingLiteral;

    // Decoded again from the start: this many are already delivered.
    int _skip;

    public override DecoderKind Kind => DecoderKind.Snappy;

    protected override void Reset()
    {
        _framed = _inBlock = _whole = false;
        _at = -1;
    }

    protected override int Produce(ReadOnlySpan<byte> source, Span<byte> window)
    {
        if (_at < 0) return ReadStart(source);
        if (!_inBlock) return _framed ? ReadChunkHeader(source) : ReadEnd(source);
        if (_decoded == 0 && _declared <= window.Length && !_whole) return DecodeDirect(source, window);
        return DecodeBuffered(source);
    }

    int ReadStart(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty) return Fail(CompressionFaultReason.Truncated, "snappy: there is nothing to read");
        _at = 0;
        if (source.StartsWith(SnappyStream.Magic))
        {
            if (source.Length < SnappyStream.HeaderLength)
            {
                return Fail(CompressionFaultReason.Truncated, "snappy: the stream header is cut short");
            }
            _framed = true;
            Position = SnappyStream.HeaderLength;
            return 0;
        }
        return BeginBlock(source, 0, source.Length);
    }

    int ReadChunkHeader(ReadOnlySpan<byte> source)
    {
        int left = source.Length - Position;
        if (left < 4) return ReadEnd(source);
        int length = BinaryPrimitives.ReadInt32BigEndian(source[Position..]);
        if (source[Position..].StartsWith(SnappyStream.Magic[..4]))
        {
            if (left < SnappyStream.HeaderLength)
            {
                return Fail(CompressionFaultReason.Truncated, "snappy: the header of a following stream is cut short");
            }
            if (!source[Position..].StartsWith(SnappyStream.Magic))
            {
                return Fail(CompressionFaultReason.BadMagic, "snappy: a following stream has a wrong magic word");
            }
            Position += SnappyStream.HeaderLength;
            return 0;
        }
        if (length <= 0) return Fail(CompressionFaultReason.Corrupt, "snappy: a block's length is not positive");
        if (length > left - 4) return Fail(CompressionFaultReason.Truncated, "snappy: a block is cut short");
        return BeginBlock(source, Position + 4, length);
    }

    int BeginBlock(ReadOnlySpan<byte> source, int start, int length)
    {
        _blockEnd = start + length;
        _at = start;
        if (!ReadDeclaredLength(source[start.._blockEnd]))
        {
            return Fail(CompressionFaultReason.Corrupt, "snappy: a block's plain length is malformed");
        }
        if (_declared > (long)length * LargestGrowth)
        {
            return Fail(CompressionFaultReason.Corrupt, "snappy: a block claims more plain bytes than it can hold");
        }
        if (_declared > Allowance)
        {
            FailOverLimit();
            return 0;
        }
        _inBlock = true;
        _whole = false;
        _decoded = 0;
        _skip = 0;
        _pendingLiteral = 0;
        OutputStart = OutputEnd = 0;
        return 0;
    }

    bool ReadDeclaredLength(ReadOnlySpan<byte> block)
    {
        ulong length = 0;
        for (int i = 0; i < block.Length && i < 5; i++)
        {
            length |= (ulong)(block[i] & 0x7F) << (7 * i);
            if (block[i] >= 0x80) continue;
            _firstElement = _at += i + 1;
            _declared = (long)length;
            return length <= uint.MaxValue;
        }
        return false;
    }

    int DecodeDirect(ReadOnlySpan<byte> source, Span<byte> window)
    {
        int length = (int)_declared;
        fixed (byte* from = source, to = window)
        {
            Decode(from, to, to, to + length);
        }
        return Fault.IsFault ? 0 : length;
    }

    int DecodeBuffered(ReadOnlySpan<byte> source)
    {
        if (_whole && _declared > Array.MaxLength - Slack)
        {
            return Fail(CompressionFaultReason.Unsupported, "snappy: a block is too large to be read as a whole");
        }
        int fresh = (int)(_whole ? _declared : Math.Min(_declared - _decoded, Fresh));
        Reserve(_whole ? fresh : (int)Math.Min(_declared, History + Fresh), OutputEnd);
        if (OutputEnd + fresh > Output.Length - Slack)
        {
            Output.AsSpan(OutputEnd - History, History).CopyTo(Output);
            OutputEnd = History;
        }
        OutputStart = OutputEnd;
        int made;
        fixed (byte* from = source, buffer = Output)
        {
            made = Decode(from, buffer, buffer + OutputEnd, buffer + OutputEnd + fresh);
        }
        if (Fault.IsFault || made == 0) return 0;
        OutputEnd += made;
        if (_whole) OutputStart = _skip;
        return 0;
    }

    /// <summary>Decodes up to the limit and does the block's book-keeping; returns how many bytes were made.</summary>
    int Decode(byte* source, byte* oldest, byte* to, byte* limit)
    {
        byte* start = to;
        bool last = _decoded + (limit - start) == _declared;
        bool slid = _decoded > start - oldest;
        var elements = new SnappyBlockDecoder { At = source + _at, End = source + _blockEnd, PendingLiteral = _pendingLiteral };
        SnappyBlockDecoder.Verdict verdict = elements.Decode(oldest, ref to, limit);
        int made = (int)(to - start);
        Position = _at = (int)(elements.At - source);
        _decoded += made;
        _pendingLiteral = elements.PendingLiteral;
        switch (verdict)
        {
            case SnappyBlockDecoder.Verdict.Done when _decoded == _declared:
                _inBlock = false;
                return made;
            case SnappyBlockDecoder.Verdict.Done:
                return Fail(CompressionFaultReason.Truncated, "snappy: a block holds fewer plain bytes than it says");
            case SnappyBlockDecoder.Verdict.Full when last:
                return Fail(CompressionFaultReason.Corrupt, "snappy: a block holds more plain bytes than it says");
            case SnappyBlockDecoder.Verdict.Full:
                return made;
            case SnappyBlockDecoder.Verdict.TooFar when slid:
                return made > 0 ? made : BeginAgain();
            default:
                return Fail(CompressionFaultReason.Corrupt, "snappy: a block is damaged");
        }
    }

    int BeginAgain()
    {
        _whole = true;
        _skip = (int)_decoded;
        _decoded = 0;
        _at = _firstElement;
        _pendingLiteral = 0;
        OutputStart = OutputEnd = 0;
        return 0;
    }

    int ReadEnd(ReadOnlySpan<byte> source)
    {
        if (Position < source.Length) Oddities |= StreamOddities.BytesBehindTheEnd;
        Ended = true;
        return 0;
    }
}
