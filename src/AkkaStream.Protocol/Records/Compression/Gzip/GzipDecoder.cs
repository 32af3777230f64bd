using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>
/// Streams gzip: one member after another, each with its checksum and length verified, through 96 KiB. What follows the
/// last member and is no member is left alone and reported, as Kafka's reader ignores it.
/// </summary>
sealed unsafe class GzipDecoder : BatchDecoder
{
    enum Inside
    {
        Start,
        Member,
        Trailer,
        AfterMember,
    }

    const int History = 32 << 10;
    const int Fresh = 64 << 10;

    const int TrailerLength = 8;
    const byte HeaderChecksumFlag = 0x02;
    const byte ExtraFlag = 0x04;
    const byte NameFlag = 0x08;
    const byte CommentFlag = 0x10;

    readonly Inflater _inflater = new();
    Inside _inside;
    uint _crc;
    uint _length;

    public override DecoderKind Kind => DecoderKind.Gzip;

    protected override void Reset() => _inside = Inside.Start;

    protected override int Produce(ReadOnlySpan<byte> source, Span<byte> window) => _inside switch
    {
        Inside.Start => ReadFirstHeader(source),
        Inside.Member => Inflate(source),
        Inside.Trailer => ReadTrailer(source),
        _ => ReadNextHeader(source),
    };

    int ReadFirstHeader(ReadOnlySpan<byte> source)
    {
        CompressionFault wrong = TryReadHeader(source, out int length);
        if (wrong.IsFault) return Fail(wrong.Reason, wrong.Text);
        BeginMember(length);
        return 0;
    }

    int ReadNextHeader(ReadOnlySpan<byte> source)
    {
        if (Position < source.Length && !TryReadHeader(source[Position..], out int length).IsFault)
        {
            BeginMember(length);
            return 0;
        }
        if (Position < source.Length) Oddities |= StreamOddities.BytesBehindTheEnd;
        Ended = true;
        return 0;
    }

    void BeginMember(int headerLength)
    {
        Position += headerLength;
        _inflater.Begin(Position);
        _inside = Inside.Member;
        _crc = 0;
        _length = 0;
        OutputStart = OutputEnd = 0;
    }

    int Inflate(ReadOnlySpan<byte> source)
    {
        Reserve(History + Fresh + Inflater.Overrun, OutputEnd);
        if (OutputEnd > History + Fresh / 2)
        {
            Output.AsSpan(OutputEnd - History, History).CopyTo(Output);
            OutputEnd = History;
        }
        OutputStart = OutputEnd;
        Inflater.Verdict verdict;
        fixed (byte* buffer = Output)
        {
            byte* to = buffer + OutputEnd;
            verdict = _inflater.Inflate(source, buffer, ref to, buffer + History + Fresh);
            OutputEnd = (int)(to - buffer);
        }
        Position = _inflater.Position;
        if (verdict == Inflater.Verdict.Truncated) return Fail(CompressionFaultReason.Truncated, "gzip: the deflate stream is cut short");
        if (verdict == Inflater.Verdict.Corrupt) return Fail(CompressionFaultReason.Corrupt, "gzip: the deflate stream is damaged");
        ReadOnlySpan<byte> made = Output.AsSpan(OutputStart, OutputEnd - OutputStart);
        _crc = Crc32.Append(_crc, made);
        _length += (uint)made.Length;
        if (verdict == Inflater.Verdict.End) _inside = Inside.Trailer;
        return 0;
    }

    int ReadTrailer(ReadOnlySpan<byte> source)
    {
        if (source.Length - Position < TrailerLength)
        {
            return Fail(CompressionFaultReason.Truncated, "gzip: the checksum at the end is missing");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[Position..]) != _crc)
        {
            return Fail(CompressionFaultReason.BadChecksum, "gzip: the checksum does not match");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[(Position + 4)..]) != _length)
        {
            return Fail(CompressionFaultReason.Corrupt, "gzip: the content is not as long as the trailer says");
        }
        Position += TrailerLength;
        _inside = Inside.AfterMember;
        return 0;
    }

    // Magic 0 · method 2 · flags 3 · time 4 · extra flags 8 · system 9 · [extra field] · [name] · [comment] · [checksum]
    static CompressionFault TryReadHeader(ReadOnlySpan<byte> source, out int length)
    {
        length = 10;
        if (source.Length < 2) return CutShort();
        if (source[0] != 0x1F || source[1] != 0x8B)
        {
            return new(CompressionFaultReason.BadMagic, "gzip: the magic number is not gzip's", 0);
        }
        if (source.Length < length) return CutShort();
        if (source[2] != 8) return new(CompressionFaultReason.BadHeader, "gzip: the method is not deflate", 2);
        byte flags = source[3];
        if ((flags & ExtraFlag) != 0)
        {
            if (source.Length < length + 2) return CutShort();
            length += 2 + BinaryPrimitives.ReadUInt16LittleEndian(source[length..]);
        }
        for (int text = 0; text < 2; text++)
        {
            if ((flags & (text == 0 ? NameFlag : CommentFlag)) == 0) continue;
            int end = length < source.Length ? source[length..].IndexOf((byte)0) : -1;
            if (end < 0) return CutShort();
            length += end + 1;
        }
        if ((flags & HeaderChecksumFlag) != 0)
        {
            if (source.Length < length + 2) return CutShort();
            if ((ushort)Crc32.Append(0, source[..length]) != BinaryPrimitives.ReadUInt16LittleEndian(source[length..]))
            {
                return new(CompressionFaultReason.BadChecksum, "gzip: the header checksum does not match", length);
            }
            length += 2;
        }
        return length <= source.Length ? CompressionFault.None : CutShort();
    }

    static CompressionFault CutShort() => new(CompressionFaultReason.Truncated, "gzip: the header is cut short", 0);
}
