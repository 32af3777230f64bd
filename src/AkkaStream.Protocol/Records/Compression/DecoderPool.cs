using AkkaStream.Protocol.Records.Compression.Gzip;
using AkkaStream.Protocol.Records.Compression.Lz4;
using AkkaStream.Protocol.Records.Compression.Snappy;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>The idle decoders, a bounded number for each codec. Any thread.</summary>
static class DecoderPool
{
    static readonly BoundedPool<BatchDecoder>[] Idle =
        [.. Enum.GetValues<CompressionCodec>().Select(_ => new BoundedPool<BatchDecoder>(Environment.ProcessorCount))];

    /// <summary>Null for a number that names no codec.</summary>
    public static BatchDecoder? Take(CompressionCodec codec) =>
        (int)codec >= Idle.Length ? null : Idle[(int)codec].TryTake() ?? Create(codec);

    public static void Return(BatchDecoder decoder)
    {
        decoder.Release();
        Idle[(int)decoder.Codec].TryReturn(decoder);
    }

    static BatchDecoder Create(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Gzip => new GzipDecoder(),
        CompressionCodec.Snappy => new SnappyDecoder(),
        CompressionCodec.Lz4 => new Lz4Decoder(),
        CompressionCodec.Zstd => throw new NotSupportedException(),
        _ => new PlainDecoder(),
    };
}
