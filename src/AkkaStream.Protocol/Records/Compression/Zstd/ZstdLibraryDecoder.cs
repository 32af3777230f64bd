using System.Buffers.Binary;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Streams zstd through the system's libzstd. Frame headers are read here first, so that both ways refuse the same things
/// with the same words, and so that a frame whose window the library would set aside at once goes to
/// <see cref="ZstdDecoder"/>, whose memory follows what is really decoded.
/// </summary>
sealed unsafe class ZstdLibraryDecoder(ZstdLibrary.Functions library) : BatchDecoder, IDisposable
{
    // Compressors use windows up to here at the levels that brokers see.
    const long LargestWindow = 4 << 20;

    // The context itself has about 160 KB; one that holds a window as well is not kept.
    const int LargestIdle = 256 << 10;

    // What a producer puts into one batch is seldom more; then there is no window to fill and no copy out of it. With its slack it
    // is an array of 2 MiB, which the process's pool keeps: no larger one is taken for a batch that does not tell its size.
    const int LargestAtOnce = (2 << 20) - Slack;

    // A batch that did not go at once, mostly a larger one, was decoded in vain: others of its kind are likely to follow.
    const int StreamedAfterFailure = 16;

    nint _context;
    int _stillStreamed;
    bool _inFrame;
    ZstdDecoder? _instead;
    int _insteadFrom;

    public override DecoderKind Kind => DecoderKind.ZstdLibrary;

    ~ZstdLibraryDecoder() => library.FreeDecompressor(_context);

    /// <summary>For the decoder that finds its pool full.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        library.FreeDecompressor(_context);
        _context = 0;
    }

    public override void Release()
    {
        base.Release();
        EndInstead();
        if (_context == 0 || library.SizeOfDecompressor(_context) <= LargestIdle) return;
        library.FreeDecompressor(_context);
        _context = 0;
    }

    protected override void Reset()
    {
        _inFrame = false;
        if (_context == 0) _context = library.CreateDecompressor();
        else library.ResetDecompressor(_context, ZstdLibrary.ResetSession);
    }

    protected override int Produce(ReadOnlySpan<byte> source, Span<byte> window)
    {
        if (_instead is not null) return ReadInstead(source, window);
        return _inFrame ? Decode(source, window) : BeginFrame(source);
    }

    /// <summary>One frame and nothing else. Whatever is odd or wrong is left to the stream, which has the words for it.</summary>
    protected override int ProduceAll(ReadOnlySpan<byte> source)
    {
        if (_context == 0 || _stillStreamed > 0 && _stillStreamed-- > 0) return -1;
        var start = ZstdFrame.TryBegin(source, 0, out var frame);
        if (start.Fault.IsFault || start.Skipped > 0 || start.IsEnd) return -1;
        long room = Math.Min(frame.ContentSize == ZstdFrame.UnknownSize ? LargestAtOnce : frame.ContentSize, Allowance);
        if (frame.Window > LargestWindow || room > LargestAtOnce) return -1;
        fixed (byte* from = source)
        {
            if (library.FindFrameCompressedSize(from, (nuint)source.Length) != (nuint)source.Length) return -1;
            Reserve((int)room);
            fixed (byte* to = Output)
            {
                nuint made = library.Decompress(_context, to, (nuint)room, from, (nuint)source.Length);
                if (library.IsError(made) == 0) return (int)made;
            }
        }
        _stillStreamed = StreamedAfterFailure;
        library.ResetDecompressor(_context, ZstdLibrary.ResetSession);
        return -1;
    }

    int BeginFrame(ReadOnlySpan<byte> source)
    {
        ZstdFrame.Start start = ZstdFrame.TryBegin(source, Position, out ZstdFrame frame);
        if (start.Fault.IsFault) return Fail(start.Fault.Reason, start.Fault.Text);
        Position += start.Skipped;
        Ended = start.IsEnd;
        if (start.Skipped > 0 || Ended) return 0;
        if (frame.Window > LargestWindow || _context == 0)
        {
            _instead = new ZstdDecoder();
            _insteadFrom = Position;
            _instead.Begin(Allowance);
        }
        else
        {
            _inFrame = true;
        }
        return 0;
    }

    int Decode(ReadOnlySpan<byte> source, Span<byte> window)
    {
        fixed (byte* from = source, to = window)
        {
            var input = new ZstdLibrary.Buffer { Bytes = from, Length = (nuint)source.Length, Position = (nuint)Position };
            var output = new ZstdLibrary.Buffer { Bytes = to, Length = (nuint)window.Length };
            nuint hint = library.DecompressStream(_context, &output, &input);
            bool stuck = output.Position == 0 && input.Position == (nuint)Position;
            Position = (int)input.Position;
            if (library.IsError(hint) != 0)
            {
                return library.GetErrorCode(hint) == ZstdLibrary.ChecksumWrong
                    ? Fail(CompressionFaultReason.BadChecksum, "zstd: the checksum does not match")
                    : Fail(CompressionFaultReason.Corrupt, "zstd: a block is damaged");
            }
            _inFrame = hint != 0;
            if (_inFrame && stuck) return Fail(CompressionFaultReason.Truncated, "zstd: the frame is cut short");
            return (int)output.Position;
        }
    }

    int ReadInstead(ReadOnlySpan<byte> source, Span<byte> window)
    {
        if (_instead is not { } decoder) return 0;
        int length = decoder.Read(source[_insteadFrom..], window);
        if (length > 0) return length;
        Position = _insteadFrom + decoder.Fault.Position;
        if (decoder.Fault.IsFault) return Fail(decoder.Fault.Reason, decoder.Fault.Text);
        EndInstead();
        Ended = true;
        return 0;
    }

    void EndInstead()
    {
        _instead?.Release();
        _instead = null;
    }
}
