namespace AkkaStream.Protocol.Records.Compression;

/// <summary>The batch that is not compressed, so that whoever walks records need not tell the two apart.</summary>
sealed class PlainDecoder : BatchDecoder
{
    public override DecoderKind Kind => DecoderKind.Plain;

    protected override void Reset()
    {
    }

    protected override int Produce(ReadOnlySpan<byte> source, Span<byte> window)
    {
        int length = Math.Min(window.Length, source.Length - Position);
        source.Slice(Position, length).CopyTo(window);
        Position += length;
        Ended = Position == source.Length;
        return length;
    }
}
