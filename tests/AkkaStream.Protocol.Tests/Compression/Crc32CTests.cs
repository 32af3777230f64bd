using System.Text;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression.Gzip;

namespace AkkaStream.Protocol.Tests.Compression;

public sealed class Crc32CTests
{
    const uint Castagnoli = 0x82F6_3B78;
    const uint Ieee = 0xEDB8_8320;

    [Fact]
    public void The_standards_examples_come_out()
    {
        byte[] digits = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(0xE306_9283u, Crc32C.Compute(digits));
        Assert.Equal(0xCBF4_3926u, Crc32.Append(0, digits));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Every_length_up_to_2000_agrees_with_the_bitwise_definition()
    {
        byte[] bytes = Samples.Make("random", 2000, 1);
        uint castagnoli = 0;
        uint ieee = 0;
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(castagnoli, Crc32C.Compute(bytes.AsSpan(0, length)));
            Assert.Equal(ieee, Crc32.Append(0, bytes.AsSpan(0, length)));
            if (length == bytes.Length) break;
            castagnoli = Bitwise(castagnoli, bytes.AsSpan(length, 1), Castagnoli);
            ieee = Bitwise(ieee, bytes.AsSpan(length, 1), Ieee);
        }
    }

    [Fact]
    public void Every_alignment_agrees_with_the_bitwise_definition()
    {
        using var memory = new GuardedMemory(8192);
        byte[] bytes = Samples.Make("random", 8192, 2);
        foreach (int length in (int[])[0, 1, 7, 8, 63, 64, 127, 128, 191, 192, 193, 255, 256, 511, 512, 513, 575, 1000, 4095, 6200, 7000])
        {
            uint expected = Bitwise(0, bytes.AsSpan(0, length), Castagnoli);
            uint expectedIeee = Bitwise(0, bytes.AsSpan(0, length), Ieee);
            for (int alignment = 0; alignment < 64; alignment++)
            {
                Span<byte> place = memory.AtEnd(length + alignment)[..length];
                bytes.AsSpan(0, length).CopyTo(place);
                Assert.Equal(expected, Crc32C.Compute(place));
                Assert.Equal(expectedIeee, Crc32.Append(0, place));
            }
        }
    }

    [Fact]
    public void Pieces_give_the_checksum_of_the_whole() => Seeds.Each(300, seed =>
    {
        var random = new Random(seed);
        byte[] bytes = Samples.Make("random", random.Next(20_000), seed);
        uint crc = 0;
        uint ieee = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int n = Math.Min(random.Next(1 << random.Next(14)), bytes.Length - at);
            crc = Crc32C.Append(crc, bytes.AsSpan(at, n));
            ieee = Crc32.Append(ieee, bytes.AsSpan(at, n));
            at += n;
        }
        Assert.Equal(Crc32C.Compute(bytes), crc);
        Assert.Equal(Crc32.Append(0, bytes), ieee);
    });

    [Fact]
    public void Every_way_to_reach_the_checksum_agrees()
    {
        byte[] bytes = Samples.Make("random", 50_000, 3);
        var folding = new CrcFolding(Castagnoli);
        for (int length = CrcFolding.MinimumLength; length < bytes.Length; length += 1 + length / 3)
        {
            uint expected = Bitwise(0, bytes.AsSpan(0, length), Castagnoli);
            if (CrcFolding.IsSupported)
            {
                Assert.Equal(expected, Folded(folding, bytes.AsSpan(0, length), wide: false));
                if (CrcFolding.IsWide) Assert.Equal(expected, Folded(folding, bytes.AsSpan(0, length), wide: true));
            }
            if (!CrcStreams.IsSupported) continue;
            foreach (int piece in (int[])[8, 16, 128, 2048])
            {
                nuint done = 0;
                uint crc = new CrcStreams(folding, piece).Append(~0u, ref bytes[0], (nuint)length, ref done);
                Assert.Equal(expected, Bitwise(~crc, bytes.AsSpan((int)done, length - (int)done), Castagnoli));
            }
        }
    }

    static uint Folded(CrcFolding folding, Span<byte> bytes, bool wide)
    {
        nuint folded = (nuint)bytes.Length;
        var rest = wide ? folding.FoldWide(~0u, ref bytes[0], ref folded) : folding.FoldNarrow(~0u, ref bytes[0], ref folded);
        Span<byte> last = stackalloc byte[16];
        BitConverter.TryWriteBytes(last, rest[0]);
        BitConverter.TryWriteBytes(last[8..], rest[1]);

        // The folded bytes stand for all before them from a running value of zero, which the inversions cancel.
        uint crc = ~Bitwise(~0u, last, Castagnoli);
        return Bitwise(~crc, bytes[(int)folded..], Castagnoli);
    }

    static uint Bitwise(uint crc, ReadOnlySpan<byte> bytes, uint polynomial)
    {
        crc = ~crc;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
        }
        return ~crc;
    }
}
