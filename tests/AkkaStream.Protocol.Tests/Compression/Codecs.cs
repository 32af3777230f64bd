using System.Buffers;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;
using AkkaStream.Protocol.Records.Compression.Gzip;
using AkkaStream.Protocol.Records.Compression.Lz4;
using AkkaStream.Protocol.Records.Compression.Snappy;
using AkkaStream.Protocol.Records.Compression.Zstd;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>Everything that can compress or decompress, under a name that tells which code is at work.</summary>
static class Codecs
{
    /// <summary>A way to compress: both zstd backends count, and each level that changes what is done.</summary>
    public sealed record Packer(string Name, CompressionCodec Codec, Action<ReadOnlyMemory<byte>, IBufferWriter<byte>> Pack)
    {
        public byte[] Run(byte[] plain)
        {
            var target = new ArrayBufferWriter<byte>();
            Pack(plain, target);
            return target.WrittenSpan.ToArray();
        }
    }

    /// <summary>A way to decompress; the decoders are new each time, the pool has its own tests.</summary>
    public sealed record Unpacker(string Name, CompressionCodec Codec, Func<BatchDecoder> Create);

    public static readonly Packer[] Packers = [.. MakePackers()];

    public static readonly Unpacker[] Unpackers = [.. MakeUnpackers()];

    static IEnumerable<Packer> MakePackers()
    {
        (CompressionCodec, int)[] plain =
        [
            (CompressionCodec.None, 0), (CompressionCodec.Gzip, -1), (CompressionCodec.Gzip, 1), (CompressionCodec.Gzip, 9),
            (CompressionCodec.Snappy, 0), (CompressionCodec.Lz4, 9), (CompressionCodec.Lz4, 1), (CompressionCodec.Lz4, 17),
        ];
        foreach ((CompressionCodec codec, int level) in plain)
        {
            yield return new($"{codec} {level}", codec, (source, to) => BatchCompressor.Compress(codec, level, source.Span, to));
        }
        foreach (int level in (int[])[3, -40])
        {
            yield return new($"Zstd {level}", CompressionCodec.Zstd, (source, to) => ZstdEncoder.Encode(level, source.Span, to));
        }
        if (ZstdLibrary.TryGet() is { } library)
        {
            yield return new(
                "Zstd 3 by the library",
                CompressionCodec.Zstd,
                (source, to) => Assert.NotEqual(0, ZstdLibraryEncoder.Encode(library, 3, source.Span, to)));
        }
    }

    static IEnumerable<Unpacker> MakeUnpackers()
    {
        yield return new("None", CompressionCodec.None, () => new PlainDecoder());
        yield return new("Gzip", CompressionCodec.Gzip, () => new GzipDecoder());
        yield return new("Snappy", CompressionCodec.Snappy, () => new SnappyDecoder());
        yield return new("Lz4", CompressionCodec.Lz4, () => new Lz4Decoder());
        yield return new("Zstd", CompressionCodec.Zstd, () => new ZstdDecoder());
        if (ZstdLibrary.TryGet() is { } library)
        {
            yield return new("Zstd by the library", CompressionCodec.Zstd, () => new ZstdLibraryDecoder(library));
        }
    }

    public static byte[] Unpack(BatchDecoder decoder, ReadOnlySpan<byte> packed, int window = 64 << 10)
    {
        byte[] plain = Drain(decoder, packed, long.MaxValue, new byte[window]);
        Assert.Equal(CompressionFault.None, decoder.Fault);
        return plain;
    }

    /// <summary>What came out before the end or the fault.</summary>
    public static byte[] Drain(BatchDecoder decoder, ReadOnlySpan<byte> packed, long maxBytes, Span<byte> window)
    {
        var plain = new ArrayBufferWriter<byte>();
        decoder.Begin(maxBytes);
        int length;
        while ((length = decoder.Read(packed, window)) > 0) plain.Write(window[..length]);
        decoder.Release();
        return plain.WrittenSpan.ToArray();
    }

    public static byte[] Unpack(CompressionCodec codec, ReadOnlySpan<byte> packed)
    {
        var target = new ArrayBufferWriter<byte>();
        Assert.True(BatchDecompressor.TryDecompress(codec, packed, long.MaxValue, target, out CompressionFault fault), fault.ToString());
        return target.WrittenSpan.ToArray();
    }
}
