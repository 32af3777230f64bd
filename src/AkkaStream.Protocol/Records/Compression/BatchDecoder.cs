namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// What the streaming decoders share: the undelivered output, the bound on plain bytes, the fault. One codec's decoder
/// produces a piece at a time, into the caller's window if it fits there, else into <see cref="Output"/>. Held by one
/// <see cref="BatchDecompressor"/> at a time, on one thread; between uses it rests in that codec's pool without buffers.
/// </summary>
/// <remarks>
/// The compressed bytes are handed in anew with each call and never kept, so nothing needs to stay pinned in between.
/// A decoder sets memory aside only for output that exists or that the next piece can really hold, never because a
/// header says so; only what is read at once has its bounded room, from a pool, beforehand.
/// </remarks>
abstract class BatchDecoder
{
    /// <summary>Fast copies may write this far behind the bytes they mean; every internal buffer has it to spare.</summary>
    protected const int Slack = 64;

    /// <summary>Holds what has been produced and, for the codecs that need it, the history before.</summary>
    protected byte[] Output = [];

    /// <summary>Output from here to <see cref="OutputEnd"/> has not been handed out.</summary>
    protected int OutputStart;
    protected int OutputEnd;

    /// <summary>How many compressed bytes are behind us.</summary>
    protected int Position;

    /// <summary>Set when the stream has come to its proper end.</summary>
    protected bool Ended;

    long _allowed;
    long _produced;

    public abstract DecoderKind Kind { get; }

    public CompressionFault Fault { get; private set; }

    public StreamOddities Oddities { get; protected set; }

    public long Produced => _produced;

    /// <summary>Plain bytes that may still be produced before the bound is passed.</summary>
    protected long Allowance => _allowed - _produced;

    public void Begin(long allowed)
    {
        _allowed = allowed;
        _produced = 0;
        Fault = CompressionFault.None;
        Oddities = StreamOddities.None;
        OutputStart = OutputEnd = Position = 0;
        Ended = false;
        Reset();
    }

    /// <summary>Fills some or all of <paramref name="window"/>; 0 means the end or a fault.</summary>
    public int Read(ReadOnlySpan<byte> source, Span<byte> window)
    {
        if (window.IsEmpty) return 0;
        while (OutputStart == OutputEnd)
        {
            if (Ended || Fault.IsFault) return 0;
            int direct = Produce(source, window);
            int made = direct > 0 ? direct : OutputEnd - OutputStart;
            _produced += made;
            if (_produced > _allowed) FailOverLimit();
            if (Fault.IsFault) return 0;
            if (direct > 0) return direct;
        }
        int length = Math.Min(window.Length, OutputEnd - OutputStart);
        Output.AsSpan(OutputStart, length).CopyTo(window);
        OutputStart += length;
        return length;
    }

    /// <summary>
    /// All plain bytes at once, where the codec does so for less than piece by piece and in memory that is bounded all the same. False leaves
    /// everything to <see cref="Read"/>, faults too. Only right after <see cref="Begin"/>; the bytes stay until <see cref="Release"/>.
    /// </summary>
    public bool TryReadAll(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> plain)
    {
        int length = ProduceAll(source);
        plain = Output.AsSpan(0, Math.Max(length, 0));
        if (length < 0) return false;
        _produced = length;
        Ended = true;
        return true;
    }

    /// <summary>Gives every buffer back; called when the decompressor is done, also after a fault.</summary>
    public virtual void Release()
    {
        Scratch.GiveBack(ref Output);
        OutputStart = OutputEnd = 0;
    }

    protected abstract void Reset();

    /// <summary>
    /// Decodes the next piece. Returns how many bytes went directly into <paramref name="window"/>, or 0 after having
    /// moved <see cref="OutputEnd"/>, set <see cref="Ended"/>, failed, or merely gone on in the input.
    /// </summary>
    protected abstract int Produce(ReadOnlySpan<byte> source, Span<byte> window);

    /// <summary>How many bytes now stand at the front of <see cref="Output"/>, at most <see cref="Allowance"/>; -1: nothing has changed.</summary>
    protected virtual int ProduceAll(ReadOnlySpan<byte> source) => -1;

    protected int Fail(CompressionFaultReason reason, string text)
    {
        Fault = new CompressionFault(reason, text, Position);
        OutputStart = OutputEnd = 0;
        return 0;
    }

    protected void FailOverLimit() =>
        Fail(CompressionFaultReason.OverLimit, "the batch holds more plain bytes than are allowed");

    /// <summary>Makes <see cref="Output"/> at least this long plus slack, keeping the first <paramref name="keep"/> bytes.</summary>
    protected void Reserve(int length, int keep = 0)
    {
        if (Output.Length >= length + Slack) return;
        byte[] larger = Scratch.Rent(length + Slack);
        Output.AsSpan(0, keep).CopyTo(larger);
        Scratch.GiveBack(ref Output);
        Output = larger;
    }
}
