using System.Buffers;
using System.Buffers.Binary;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>What others wrote is read here, and what is written here is read by others.</summary>
public sealed class CrossCheckTests
{
    [Fact]
    public void Frames_of_liblz4_are_read_with_every_option_it_has()
    {
        if (!NativeLibraries.Has(NativeLibraries.Lz4)) return;
        Seeds.Each(60, seed =>
        {
            var random = new Random(seed);
            byte[] plain = Sample(random, seed, 1 << 20);
            var options = new NativeLibraries.Lz4Preferences
            {
                BlockSize = 4 + random.Next(4),
                Independent = random.Next(2),
                ContentChecksum = random.Next(2),
                BlockChecksum = random.Next(2),
                ContentSize = random.Next(2) == 0 ? 0 : (ulong)plain.Length,
                Level = random.Next(-5, 13),
            };
            byte[] packed = NativeLibraries.Lz4Compress(plain, options);
            using BatchDecompressor decompressor = BatchDecompressor.Start(CompressionCodec.Lz4, packed, long.MaxValue);
            Assert.Equal(plain, Drain(decompressor, random.Next(2) == 0 ? 64 << 10 : 1 + random.Next(10_000)));

            // liblz4 makes a single block independent whatever it was asked for; 0 stands for linked there.
            StreamOddities expected = (packed[4] & 0x20) == 0 ? StreamOddities.LinkedBlocks : StreamOddities.None;
            Assert.Equal(expected, decompressor.Oddities);
        });
    }

    [Fact]
    public void Liblz4_reads_our_frames()
    {
        if (!NativeLibraries.Has(NativeLibraries.Lz4)) return;
        Seeds.Each(40, seed =>
        {
            byte[] plain = Sample(new Random(seed), seed, 1 << 20);
            foreach (int level in (int[])[9, 1, 3, 12, 17])
            {
                Assert.Equal(plain, NativeLibraries.Lz4Decompress(Pack(CompressionCodec.Lz4, level, plain), plain.Length));
            }
        });
    }

    [Fact]
    public void Raw_blocks_of_libsnappy_are_read()
    {
        if (!NativeLibraries.Has(NativeLibraries.Snappy)) return;
        Seeds.Each(60, seed =>
        {
            var random = new Random(seed);
            byte[] plain = Sample(random, seed, 1 << 20);
            byte[] packed = NativeLibraries.SnappyCompress(plain);
            using BatchDecompressor decompressor = BatchDecompressor.Start(CompressionCodec.Snappy, packed, long.MaxValue);
            Assert.Equal(plain, Drain(decompressor, random.Next(2) == 0 ? 64 << 10 : 1 + random.Next(10_000)));
        });
    }

    [Fact]
    public void Libsnappy_reads_the_blocks_inside_our_framing()
    {
        if (!NativeLibraries.Has(NativeLibraries.Snappy)) return;
        Seeds.Each(40, seed =>
        {
            byte[] plain = Sample(new Random(seed), seed, 1 << 20);
            byte[] packed = Pack(CompressionCodec.Snappy, 0, plain);
            Assert.Equal("82534e41505059000000000100000001", Convert.ToHexStringLower(packed.AsSpan(0, 16)));
            var back = new ArrayBufferWriter<byte>();
            for (int at = 16; at < packed.Length;)
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(packed.AsSpan(at));
                back.Write(NativeLibraries.SnappyDecompress(packed.AsSpan(at + 4, length)));
                at += 4 + length;
            }
            Assert.Equal(plain, back.WrittenSpan.ToArray());
        });
    }

    [Fact]
    public void Frames_of_libzstd_are_read_whatever_its_parameters()
    {
        if (!NativeLibraries.Has(NativeLibraries.Zstd)) return;
        Seeds.Each(80, seed =>
        {
            var random = new Random(seed);
            byte[] plain = Sample(random, seed, 2 << 20);
            const int Level = 100;
            const int WindowLog = 101;
            const int MinMatch = 105;
            const int Strategy = 107;
            const int LongDistance = 160;
            const int ContentSize = 200;
            const int Checksum = 201;
            byte[] packed = NativeLibraries.ZstdCompress(
                plain,
                (Level, random.Next(-7, 20)),
                (ContentSize, random.Next(2)),
                (Checksum, random.Next(2)),
                (WindowLog, random.Next(2) == 0 ? 0 : random.Next(10, 24)),
                (Strategy, random.Next(2) == 0 ? 0 : random.Next(1, 10)),
                (MinMatch, random.Next(2) == 0 ? 0 : random.Next(3, 8)),
                (LongDistance, random.Next(4) == 0 ? 1 : 2));
            foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == CompressionCodec.Zstd))
            {
                byte[] back = Codecs.Unpack(unpacker.Create(), packed, random.Next(2) == 0 ? 64 << 10 : 1 + random.Next(10_000));
                Assert.True(plain.AsSpan().SequenceEqual(back), unpacker.Name);
            }
        });
    }

    [Fact]
    public void Libzstd_reads_our_frames()
    {
        if (!NativeLibraries.Has(NativeLibraries.Zstd)) return;
        Seeds.Each(80, seed =>
        {
            byte[] plain = Sample(new Random(seed), seed, 3 << 20);
            foreach (Codecs.Packer packer in Codecs.Packers.Where(p => p.Codec == CompressionCodec.Zstd))
            {
                Assert.Equal(plain, NativeLibraries.ZstdDecompress(packer.Run(plain), plain.Length));
            }
        });
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip, "gzip", -1)]
    [InlineData(CompressionCodec.Lz4, "lz4", 9)]
    [InlineData(CompressionCodec.Lz4, "lz4", 3)]
    [InlineData(CompressionCodec.Zstd, "zstd", 3)]
    public void The_command_line_tools_and_we_read_each_other(CompressionCodec codec, string tool, int level)
    {
        foreach (string kind in (string[])["text", "mixed", "random"])
        {
            byte[] plain = Samples.Make(kind, 300_000, 11);
            foreach (string strength in (string[])["-1", "-9"])
            {
                if (NativeTools.Run(tool, $"{strength} -c", plain) is not { } packed) return;
                Assert.Equal(plain, Codecs.Unpack(codec, packed));
            }
            Assert.Equal(plain, NativeTools.Run(tool, "-dc", Pack(codec, level, plain)));
        }
    }

    static byte[] Sample(Random random, int seed, int largest) =>
        Samples.Make(Samples.Kinds[random.Next(Samples.Kinds.Length)], Samples.Length(random, largest), seed);

    static byte[] Pack(CompressionCodec codec, int level, byte[] plain)
    {
        var target = new ArrayBufferWriter<byte>();
        BatchCompressor.Compress(codec, level, plain, target);
        return target.WrittenSpan.ToArray();
    }

    static byte[] Drain(BatchDecompressor decompressor, int windowLength)
    {
        var window = new byte[windowLength];
        var plain = new ArrayBufferWriter<byte>();
        int length;
        while ((length = decompressor.Read(window)) > 0) plain.Write(window.AsSpan(0, length));
        Assert.Equal(CompressionFault.None, decompressor.Fault);
        return plain.WrittenSpan.ToArray();
    }
}
