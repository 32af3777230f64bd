using System.Buffers;
using AkkaStream.Protocol.Records.Compression.Gzip;
using AkkaStream.Protocol.Records.Compression.Lz4;
using AkkaStream.Protocol.Records.Compression.Snappy;
using AkkaStream.Protocol.Records.Compression.Zstd;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// Compresses the records of one batch in the form that Kafka's clients write and read. Nothing here can fail for want of
/// a library, and nothing but gzip allocates in the steady state. Any thread.
/// </summary>
public static class BatchCompressor
{
    /// <summary>
    /// Writes the compressed form of <paramref name="source"/> and returns its length. The target is asked for room piece by
    /// piece, at most for what the whole can need in the worst case.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No such codec, or no such level of it: settings are checked before.</exception>
    public static int Compress(CompressionCodec codec, int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        if (!CompressionLevels.IsValid(codec, level)) throw new ArgumentOutOfRangeException(nameof(level), level, $"not a level of {codec}");
        switch (codec)
        {
            case CompressionCodec.None:
                target.Write(source);
                return source.Length;
            case CompressionCodec.Gzip:
                return GzipEncoder.Encode(level, source, target);
            case CompressionCodec.Snappy:
                return SnappyEncoder.Encode(source, target);
            case CompressionCodec.Lz4:
                return Lz4Encoder.Encode(level, source, target);
            case CompressionCodec.Zstd:
                return CompressZstd(level, source, target);
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "not a codec");
        }
    }

    static int CompressZstd(int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        if (ZstdBackend.UsesLibrary && ZstdLibrary.TryGet() is { } library)
        {
            int written = ZstdLibraryEncoder.Encode(library, level, source, target);
            if (written > 0) return written;
        }
        return ZstdEncoder.Encode(level, source, target);
    }
}
