using System.Buffers;
using AkkaStream.Protocol.Records.Compression.Gzip;
using AkkaStream.Protocol.Records.Compression.Lz4;
using AkkaStream.Protocol.Records.Compression.Snappy;

namespace AkkaStream.Protocol.Records.Compression;

public static class BatchCompressor
{
    public static int Compress(CompressionCodec codec, int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        switch (codec)
        {
            case CompressionCodec.Snappy: return SnappyEncoder.Encode(source, target);
            case CompressionCodec.Gzip: return GzipEncoder.Encode(level, source, target);
            case CompressionCodec.Lz4: return Lz4Encoder.Encode(level, source, target);
            default: throw new NotSupportedException();
        }
    }
}
