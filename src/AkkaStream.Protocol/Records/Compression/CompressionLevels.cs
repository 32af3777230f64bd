namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// The levels that Kafka's topics may ask for: compression.gzip.level, compression.lz4.level and compression.zstd.level.
/// Snappy and none have no levels; theirs is 0.
/// </summary>
public static class CompressionLevels
{
    /// <summary>Gzip's way of saying: the library's own default.</summary>
    public const int GzipDefault = -1;
    public const int GzipMinimum = 1;
    public const int GzipMaximum = 9;

    /// <summary>The sign for lz4's fast compressor. All other levels ask for the thorough one.</summary>
    public const int Lz4Default = 9;
    public const int Lz4Minimum = 1;
    public const int Lz4Maximum = 17;

    public const int ZstdDefault = 3;
    public const int ZstdMinimum = -131072;
    public const int ZstdMaximum = 22;

    public static int DefaultFor(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Gzip => GzipDefault,
        CompressionCodec.Lz4 => Lz4Default,
        CompressionCodec.Zstd => ZstdDefault,
        _ => 0,
    };

    public static bool IsValid(CompressionCodec codec, int level) => codec switch
    {
        CompressionCodec.Gzip => level is GzipDefault or (>= GzipMinimum and <= GzipMaximum),
        CompressionCodec.Lz4 => level is >= Lz4Minimum and <= Lz4Maximum,
        CompressionCodec.Zstd => level is >= ZstdMinimum and <= ZstdMaximum,
        _ => true,
    };
}
