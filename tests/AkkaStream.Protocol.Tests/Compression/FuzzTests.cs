using System.Buffers.Binary;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;
using AkkaStream.Protocol.Records.Compression.Gzip;
using AkkaStream.Protocol.Records.Compression.Lz4;
using AkkaStream.Protocol.Records.Compression.Snappy;
using AkkaStream.Protocol.Records.Compression.Zstd;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>
/// Damaged streams: whatever the bytes say, there is a fault or some output within the bound, and no byte outside the
/// given memory is touched. Input and output lie against pages that nobody may touch.
/// </summary>
public sealed unsafe class FuzzTests
{
    const int Largest = 1 << 20;
    const int MostPlain = 8000;

    [Fact]
    public void Damaged_streams_end_in_a_fault_or_within_the_bound() => Seeds.Each(4000, seed =>
    {
        var random = new Random(seed);
        using var input = new GuardedMemory(Largest);
        using var output = new GuardedMemory(100_000);
        Codecs.Packer packer = Codecs.Packers[random.Next(Codecs.Packers.Length)];
        byte[] packed = Damage(random, packer.Run(Plain(random)));
        int bound = random.Next(3) switch { 0 => random.Next(MostPlain), _ => 200_000 };
        Span<byte> window = output.AtEnd(random.Next(2) == 0 ? 64 << 10 : 1 + random.Next(9000));
        foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == packer.Codec))
        {
            BatchDecoder decoder = unpacker.Create();
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Begin(bound);
            long total = 0;
            int length;
            ReadOnlySpan<byte> source = input.CopyToEnd(packed);
            while ((length = decoder.Read(source, window)) > 0) total += length;
            decoder.Release();
            Assert.True(total <= bound, $"{unpacker.Name}: {total} bytes of at most {bound}");
            Assert.Equal(0, decoder.Read(source, window));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 2 << 20, $"{unpacker.Name}: {allocated} bytes allocated");
        }
    });

    [Fact]
    public void What_is_read_at_once_is_what_a_stream_gives_and_all_else_is_left_to_the_stream() => Seeds.Each(4000, seed =>
    {
        var random = new Random(seed);
        Codecs.Packer packer = Codecs.Packers[random.Next(Codecs.Packers.Length)];
        byte[] packed = packer.Run(Plain(random));
        if (random.Next(2) == 0) packed = Damage(random, packed);
        if (random.Next(4) == 0) packed = [.. packed, .. packer.Run(Plain(random))];
        int bound = random.Next(3) == 0 ? random.Next(MostPlain) : 200_000;
        using var input = new GuardedMemory(Largest);
        ReadOnlySpan<byte> source = input.CopyToEnd(packed);
        foreach (Codecs.Unpacker unpacker in Codecs.Unpackers.Where(u => u.Codec == packer.Codec))
        {
            BatchDecoder streaming = unpacker.Create(), decoder = unpacker.Create();
            byte[] expected = Codecs.Drain(streaming, source, bound, new byte[64 << 10]);
            decoder.Begin(bound);
            if (decoder.TryReadAll(source, out ReadOnlySpan<byte> plain))
            {
                Assert.True(plain.SequenceEqual(expected), unpacker.Name);
                Assert.Equal(CompressionFault.None, streaming.Fault);
                Assert.Equal(0, decoder.Read(source, new byte[1]));
            }
            else
            {
                Assert.Equal(expected, Rest(decoder, source));
                Assert.Equal(streaming.Fault, decoder.Fault);
            }
            decoder.Release();
        }
    });

    [Fact]
    public void A_batch_of_a_usual_size_is_read_at_once_by_the_library()
    {
        if (ZstdLibrary.TryGet() is not { } library) return;
        byte[] plain = Samples.Make(Samples.Kinds[0], 1 << 20, 1);
        byte[] packed = Codecs.Packers.First(p => p.Codec == CompressionCodec.Zstd).Run(plain);
        using var decoder = new ZstdLibraryDecoder(library);
        decoder.Begin(plain.Length);
        Assert.True(decoder.TryReadAll(packed, out ReadOnlySpan<byte> all));
        Assert.True(all.SequenceEqual(plain));
        decoder.Begin(plain.Length - 1);
        Assert.False(decoder.TryReadAll(packed, out _));
    }

    static byte[] Rest(BatchDecoder decoder, ReadOnlySpan<byte> source)
    {
        var plain = new List<byte>();
        var window = new byte[64 << 10];
        int length;
        while ((length = decoder.Read(source, window)) > 0) plain.AddRange(window.AsSpan(0, length));
        return [.. plain];
    }

    [Fact]
    public void Damaged_lz4_blocks_stay_within_their_memory() => Seeds.Each(4000, seed =>
    {
        var random = new Random(seed);
        byte[] plain = Plain(random);
        var target = new byte[Lz4BlockEncoder.Bound(plain.Length)];
        int length;
        fixed (byte* from = plain, to = target)
        {
            using var encoder = new Lz4HighBlockEncoder(1 + random.Next(30));
            length = encoder.Encode(from, plain.Length, to);
        }
        byte[] packed = Damage(random, target[..length]);
        using var memory = new GuardedMemory(Largest);
        using var output = new GuardedMemory(100_000);
        int history = random.Next(2) * random.Next(100);
        int capacity = random.Next(2) == 0 ? plain.Length : random.Next(MostPlain + 1);
        output.AtEnd(history + capacity).Clear();
        fixed (byte* source = memory.CopyToEnd(packed))
        {
            int made = Lz4BlockDecoder.Decode(source, packed.Length, output.EndPointer(capacity), capacity, history);
            Assert.InRange(made, Lz4BlockDecoder.TooLong, capacity);
        }
    });

    [Fact]
    public void Damaged_snappy_blocks_stay_within_their_memory() => Seeds.Each(4000, seed =>
    {
        var random = new Random(seed);
        byte[] plain = Plain(random);
        byte[] packed = Codecs.Packers.First(p => p.Codec == CompressionCodec.Snappy).Run(plain);
        packed = Damage(random, packed[Math.Min(packed.Length, 22)..]);
        using var memory = new GuardedMemory(Largest);
        using var output = new GuardedMemory(100_000);
        int capacity = random.Next(2) == 0 ? plain.Length : random.Next(MostPlain + 1);
        fixed (byte* source = memory.CopyToEnd(packed))
        {
            var elements = new SnappyBlockDecoder { At = source, End = source + packed.Length };
            byte* start = output.EndPointer(capacity);
            byte* to = start;
            elements.Decode(start, ref to, start + capacity);
            Assert.InRange((int)(to - start), 0, capacity);
        }
    });

    [Fact]
    public void Damaged_deflate_streams_stay_within_their_memory() => Seeds.Each(2000, seed =>
    {
        var random = new Random(seed);
        byte[] packed = Codecs.Packers.Where(p => p.Codec == CompressionCodec.Gzip).ElementAt(random.Next(3)).Run(Plain(random));
        packed = Damage(random, packed[10..]);
        using var memory = new GuardedMemory(Largest);
        using var output = new GuardedMemory(100_000);
        int capacity = random.Next(MostPlain);
        ReadOnlySpan<byte> source = memory.CopyToEnd(packed);
        var inflater = new Inflater();
        inflater.Begin(0);
        byte* start = output.EndPointer(capacity + Inflater.Overrun);
        byte* to = start;
        Inflater.Verdict verdict = inflater.Inflate(source, start, ref to, start + capacity);
        if (verdict == Inflater.Verdict.Full) Assert.True(to >= start + capacity);
        Assert.True(to < start + capacity + Inflater.Overrun);
        Assert.InRange(inflater.Position, 0, packed.Length + 8);
    });

    [Fact]
    public void Damaged_zstd_blocks_stay_within_their_memory() => Seeds.Each(4000, seed =>
    {
        var random = new Random(seed);
        Codecs.Packer[] packers = [.. Codecs.Packers.Where(p => p.Codec == CompressionCodec.Zstd)];
        byte[] frame = packers[random.Next(packers.Length)].Run(Plain(random));
        ZstdFrame.TryBegin(frame, 0, out ZstdFrame header);
        using var memory = new GuardedMemory(Largest);
        using var output = new GuardedMemory(300_000);
        var decoder = new ZstdBlockDecoder();
        decoder.BeginFrame();
        byte[] block = frame[(header.HeaderLength + 3)..];

        // Twice: the second block may take over the tables that the first has left, whole or not.
        for (int i = 0; i < 2; i++)
        {
            byte[] packed = i == 0 && random.Next(2) == 0 ? block : Damage(random, block);
            int history = random.Next(100);
            int largest = random.Next(2) == 0 ? ZstdLiterals.LargestBlock : random.Next(MostPlain);
            byte* target = output.EndPointer(largest + Copies.Overrun);
            fixed (byte* source = memory.CopyToEnd(packed))
            {
                int made = decoder.Decode(source, packed.Length, packed.Length, target - history, target, largest);
                Assert.InRange(made, ZstdBlockDecoder.SequencesDamaged, largest);
            }
        }
        decoder.Release();
    });

    [Fact]
    public void Bytes_of_chance_behind_a_right_beginning_are_survived() => Seeds.Each(2000, seed =>
    {
        var random = new Random(seed);
        using var input = new GuardedMemory(Largest);
        var window = new byte[1 + random.Next(70_000)];
        foreach (Codecs.Unpacker unpacker in Codecs.Unpackers)
        {
            byte[] start = unpacker.Codec switch
            {
                CompressionCodec.Gzip => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0],
                CompressionCodec.Snappy => random.Next(2) == 0 ? [.. SnappyStream.Header, 0, 0, 0, (byte)random.Next(256)] : [],
                CompressionCodec.Lz4 => [4, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82, (byte)random.Next(256), (byte)random.Next(2), 0, 0],
                CompressionCodec.Zstd => [0x28, 0xB5, 0x2F, 0xFD, 0, (byte)random.Next(256), 5, 1, 0],
                _ => [],
            };
            var chance = new byte[random.Next(600)];
            random.NextBytes(chance);
            BatchDecoder decoder = unpacker.Create();
            Assert.True(Codecs.Drain(decoder, input.CopyToEnd([.. start, .. chance]), 1 << 20, window).Length <= 1 << 20);
        }
    });

    [Fact]
    public void Compressors_stay_within_their_memory() => Seeds.Each(600, seed =>
    {
        var random = new Random(seed);
        byte[] plain = Samples.Make(Samples.Kinds[random.Next(Samples.Kinds.Length)], Samples.Length(random, 200_000), seed);
        using var input = new GuardedMemory(200_000);
        using var output = new GuardedMemory(Largest);
        foreach ((CompressionCodec codec, int level) in ((CompressionCodec, int)[])[(CompressionCodec.Snappy, 0), (CompressionCodec.Lz4, 9), (CompressionCodec.Lz4, 4), (CompressionCodec.Zstd, 3)])
        {
            var writer = new GuardedWriter(output);
            Span<byte> source = random.Next(2) == 0 ? input.AtEnd(plain.Length) : input.AtStart(plain.Length);
            plain.CopyTo(source);
            if (codec == CompressionCodec.Zstd) ZstdEncoder.Encode(level, source, writer);
            else BatchCompressor.Compress(codec, level, source, writer);
            Assert.Equal(plain, Codecs.Unpack(codec, writer.Written));
        }
    });

    static byte[] Plain(Random random) =>
        Samples.Make(Samples.Kinds[random.Next(Samples.Kinds.Length)], random.Next(MostPlain), random.Next());

    /// <summary>One to four of: flipped bits, changed bytes, cuts, splices, and numbers that are dangerous as lengths.</summary>
    static byte[] Damage(Random random, byte[] bytes)
    {
        var damaged = new List<byte>(bytes);
        for (int times = 1 + random.Next(4); times > 0; times--)
        {
            int at = damaged.Count == 0 ? 0 : random.Next(damaged.Count);
            if (random.Next(2) == 0) at = Math.Min(at, random.Next(24));
            switch (random.Next(7))
            {
                case 0 when damaged.Count > 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when damaged.Count > 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 2:
                    damaged.RemoveRange(at, damaged.Count - at);
                    break;
                case 3:
                    damaged.RemoveRange(at, Math.Min(random.Next(20), damaged.Count - at));
                    break;
                case 4:
                    var more = new byte[random.Next(20)];
                    random.NextBytes(more);
                    damaged.InsertRange(at, more);
                    break;
                case 5 when damaged.Count > 0:
                    int length = random.Next(Math.Min(damaged.Count - at, 200));
                    damaged.InsertRange(random.Next(damaged.Count), damaged.GetRange(at, length));
                    break;
                default:
                    var number = new byte[4];
                    uint[] dangerous = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF, 0x10000, 0x00FF_FFFF];
                    BinaryPrimitives.WriteUInt32LittleEndian(number, dangerous[random.Next(dangerous.Length)]);
                    for (int i = 0; i < 4 && at + i < damaged.Count; i++) damaged[at + i] = number[i];
                    break;
            }
        }
        return [.. damaged];
    }
}
