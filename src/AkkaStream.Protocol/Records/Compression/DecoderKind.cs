namespace AkkaStream.Protocol.Records.Compression;

/// <summary>Each kind of decoder rests in a pool of its own. The first ones are numbered like the codecs.</summary>
enum DecoderKind
{
    Plain = CompressionCodec.None,
    Gzip = CompressionCodec.Gzip,
    Snappy = CompressionCodec.Snappy,
    Lz4 = CompressionCodec.Lz4,
    Zstd = CompressionCodec.Zstd,
    ZstdLibrary,
}
