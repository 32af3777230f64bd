using System.Buffers;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Protocol.Tests.Compression;

public sealed class RoundTripTests
{
    [Fact]
    public void What_was_compressed_comes_back_whatever_it_was() => Seeds.Each(60, seed =>
    {
        var random = new Random(seed);
        string kind = Samples.Kinds[random.Next(Samples.Kinds.Length)];
        byte[] plain = Samples.Make(kind, Samples.Length(random, 4 << 20), seed);
        foreach (Codecs.Packer packer in Codecs.Packers)
        {
            byte[] packed = packer.Run(plain);
            foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == packer.Codec))
            {
                int window = random.Next(3) switch { 0 => 1 + random.Next(100), 1 => 1 + random.Next(70_000), _ => 64 << 10 };
                if (window < plain.Length / 2000) window = 64 << 10;
                byte[] back = Codecs.Unpack(unpacker.Create(), packed, window);
                Assert.True(plain.AsSpan().SequenceEqual(back), $"{packer.Name} to {unpacker.Name}, {kind}, {plain.Length} bytes, window {window}");
            }
        }
    });

    [Fact]
    public void Every_length_up_to_300_comes_back()
    {
        foreach (string kind in Samples.Kinds)
        {
            byte[] all = Samples.Make(kind, 300, 7);
            for (int length = 0; length <= all.Length; length++)
            {
                byte[] plain = all[..length];
                foreach (Codecs.Packer packer in Codecs.Packers)
                {
                    byte[] packed = packer.Run(plain);
                    foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == packer.Codec))
                    {
                        Assert.Equal(plain, Codecs.Unpack(unpacker.Create(), packed));
                    }
                }
            }
        }
    }

    [Fact]
    public void Four_mebibytes_come_back_from_every_codec()
    {
        byte[] plain = Samples.Make("mixed", 4 << 20, 3);
        foreach (Codecs.Packer packer in Codecs.Packers)
        {
            byte[] packed = packer.Run(plain);
            foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == packer.Codec))
            {
                Assert.True(plain.AsSpan().SequenceEqual(Codecs.Unpack(unpacker.Create(), packed)), packer.Name);
            }
        }
    }

    [Fact]
    public void Every_level_that_a_topic_may_ask_for_can_be_read_back()
    {
        byte[] plain = Samples.Make("json", 30_000, 5);
        var levels = Enumerable.Range(1, 9).Append(-1).Select(level => (CompressionCodec.Gzip, level))
            .Concat(Enumerable.Range(1, 17).Select(level => (CompressionCodec.Lz4, level)))
            .Concat(((int[])[-131072, -100, -1, .. Enumerable.Range(0, 23)]).Select(level => (CompressionCodec.Zstd, level)));
        foreach ((CompressionCodec codec, int level) in levels)
        {
            var target = new ArrayBufferWriter<byte>();
            int written = BatchCompressor.Compress(codec, level, plain, target);
            Assert.Equal(written, target.WrittenCount);
            Assert.Equal(plain, Codecs.Unpack(codec, target.WrittenSpan));
        }
    }

    [Fact]
    public void Stronger_lz4_levels_are_smaller_than_the_fast_one()
    {
        byte[] plain = Samples.Make("text", 200_000, 5);
        int fast = Packed(9);
        int low = Packed(3);
        int high = Packed(12);
        Assert.True(low < fast, $"level 3: {low}, fast: {fast}");
        Assert.True(high <= low, $"level 12: {high}, level 3: {low}");

        int Packed(int level)
        {
            var target = new ArrayBufferWriter<byte>();
            return BatchCompressor.Compress(CompressionCodec.Lz4, level, plain, target);
        }
    }
}
