using AkkaStream.Protocol.Records.Compression.Gzip;
using AkkaStream.Protocol.Records.Compression.Lz4;
using AkkaStream.Protocol.Records.Compression.Snappy;
using AkkaStream.Protocol.Records.Compression.Zstd;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>The idle decoders, a bounded number of each kind. Any thread.</summary>
static class DecoderPool
{
    static readonly BoundedPool<BatchDecoder>[] Idle =
        [.. Enum.GetValues<DecoderKind>().Select(_ => new BoundedPool<BatchDecoder>(Environment.ProcessorCount))];

    // Below this many compressed bytes a library context costs more to begin than its faster loops win (measured).
    const int WorthTheLibrary = 3 << 10;

    /// <summary>Null for a number that names no codec.</summary>
    public static BatchDecoder? Take(CompressionCodec codec, int compressedLength)
    {
        if (codec > CompressionCodec.Zstd) return null;
        bool library = codec == CompressionCodec.Zstd && compressedLength >= WorthTheLibrary && ZstdBackend.UsesLibrary;
        DecoderKind kind = library ? DecoderKind.ZstdLibrary : (DecoderKind)codec;
        return Idle[(int)kind].TryTake() ?? Create(kind);
    }

    public static void Return(BatchDecoder decoder)
    {
        decoder.Release();
        if (!Idle[(int)decoder.Kind].TryReturn(decoder)) (decoder as IDisposable)?.Dispose();
    }

    static BatchDecoder Create(DecoderKind kind) => kind switch
    {
        DecoderKind.Gzip => new GzipDecoder(),
        DecoderKind.Snappy => new SnappyDecoder(),
        DecoderKind.Lz4 => new Lz4Decoder(),
        DecoderKind.Zstd => new ZstdDecoder(),
        DecoderKind.ZstdLibrary when ZstdLibrary.TryGet() is { } library => new ZstdLibraryDecoder(library),
        DecoderKind.ZstdLibrary => new ZstdDecoder(),
        _ => new PlainDecoder(),
    };
}
