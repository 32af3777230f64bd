using System.Buffers;
using System.IO.Compression;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.CodecBench;

/// <summary>Each codec both ways beside its native library: MB of plain bytes a second, ratios native time / our time.</summary>
static unsafe class CodecsBench
{
    static long _sink;

    public static void Run(string filter)
    {
        Console.WriteLine("                             size        compress MB/s       decompress MB/s");
        Console.WriteLine("case                      ours  native    ours  native  x      ours  native  x");
        foreach (int size in (int[])[16 << 10, 1 << 20])
        {
            foreach ((string name, Func<int, byte[]> make) in Payloads.All)
            {
                byte[] plain = make(size);
                Row($"lz4 {name} {size >> 10}K", filter, plain, CompressionCodec.Lz4, 9, new Lz4Native());
                Row($"lz4-3 {name} {size >> 10}K", filter, plain, CompressionCodec.Lz4, 3, new Lz4Native { Level = 3 });
                Row($"lz4-12 {name} {size >> 10}K", filter, plain, CompressionCodec.Lz4, 12, new Lz4Native { Level = 12 });
                Row($"gzip {name} {size >> 10}K", filter, plain, CompressionCodec.Gzip, -1, new GzipNative());
                Row($"gzip-1 {name} {size >> 10}K", filter, plain, CompressionCodec.Gzip, 1, new GzipNative { Level = 1 });
                foreach (bool library in (bool[])[false, true])
                {
                    ZstdBackend.IsLibraryAllowed = library;
                    string own = library ? "lib" : "own";
                    Row($"zstd-1 {own} {name} {size >> 10}K", filter, plain, CompressionCodec.Zstd, 1, new ZstdNative { Level = 1 });
                    Row($"zstd-3 {own} {name} {size >> 10}K", filter, plain, CompressionCodec.Zstd, 3, new ZstdNative { Level = 3 });
                }
                Row($"snappy {name} {size >> 10}K", filter, plain, CompressionCodec.Snappy, 0, new SnappyNative());
            }
        }
    }

    static void Row(string name, string filter, byte[] plain, CompressionCodec codec, int level, NativeCodec native)
    {
        if (!name.Contains(filter)) return;
        native.Prepare(plain);
        var target = new ArrayBufferWriter<byte>(plain.Length * 2 + 1024);
        BatchCompressor.Compress(codec, level, plain, target);
        byte[] packed = target.WrittenSpan.ToArray();
        int size = packed.Length;
        if (codec == CompressionCodec.Zstd) packed = ((ZstdNative)native).Streamed(plain);
        var window = new byte[64 << 10];
        double[] pack = Clock.Best(
            () =>
            {
                target.ResetWrittenCount();
                _sink += BatchCompressor.Compress(codec, level, plain, target);
            },
            () => _sink += native.Compress());
        double[] unpack = Clock.Best(() => _sink += Drain(codec, packed, window), () => _sink += native.Decompress());
        double Speed(double seconds) => plain.Length / seconds / 1e6;
        Console.WriteLine($"{name,-20} {size,9} {native.Size,7} {Speed(pack[0]),7:F0} {Speed(pack[1]),7:F0} {pack[1] / pack[0],4:F2} {Speed(unpack[0]),8:F0} {Speed(unpack[1]),7:F0} {unpack[1] / unpack[0],4:F2}");
    }

    static long Drain(CompressionCodec codec, byte[] packed, byte[] window)
    {
        using BatchDecompressor decompressor = BatchDecompressor.Start(codec, packed, long.MaxValue);
        long total = 0;
        int length;
        while ((length = decompressor.Read(window)) > 0) total += length;
        if (decompressor.Fault.IsFault) throw new InvalidDataException(decompressor.Fault.ToString());
        return total;
    }
}

/// <summary>Works block by block like our framing, through one window, so that both sides touch the same memory.</summary>
abstract unsafe class NativeCodec
{
    byte[] _plain = [];
    byte[][] _blocks = [];
    readonly byte[] _window = GC.AllocateArray<byte>(4 << 20, pinned: true);

    protected abstract int BlockLength { get; }

    public byte[] First => _blocks[0];

    public int Size => _blocks.Sum(b => b.Length);

    public void Prepare(byte[] plain)
    {
        _plain = plain;
        var blocks = new List<byte[]>();
        for (int at = 0; at < plain.Length; at += BlockLength)
        {
            int n = Pack(at);
            blocks.Add(_window.AsSpan(0, n).ToArray());
        }
        _blocks = [.. blocks];
    }

    public long Compress()
    {
        long total = 0;
        for (int at = 0; at < _plain.Length; at += BlockLength) total += Pack(at);
        return total;
    }

    public long Decompress()
    {
        long total = 0;
        foreach (byte[] block in _blocks)
        {
            fixed (byte* from = block, to = _window) total += Unpack(from, block.Length, to, _window.Length);
        }
        return total;
    }

    int Pack(int at)
    {
        fixed (byte* from = &_plain[at], to = _window) return Pack(from, Math.Min(BlockLength, _plain.Length - at), to, _window.Length);
    }

    protected abstract int Pack(byte* from, int length, byte* to, int capacity);

    protected abstract int Unpack(byte* from, int length, byte* to, int capacity);
}

sealed unsafe class Lz4Native : NativeCodec
{
    public int Level { get; init; }

    protected override int BlockLength => 64 << 10;

    protected override int Pack(byte* from, int length, byte* to, int capacity) => Level == 0
        ? Native.LZ4_compress_default(from, to, length, capacity)
        : Native.LZ4_compress_HC(from, to, length, capacity, Level);

    protected override int Unpack(byte* from, int length, byte* to, int capacity) =>
        Native.LZ4_decompress_safe(from, to, length, capacity);
}

/// <summary>The runtime's own streams, used afresh for each batch.</summary>
sealed unsafe class GzipNative : NativeCodec
{
    readonly byte[] _window = new byte[64 << 10];

    public int Level { get; init; } = 6;

    protected override int BlockLength => 4 << 20;

    protected override int Pack(byte* from, int length, byte* to, int capacity)
    {
        using var target = new UnmanagedMemoryStream(to, 0, capacity, FileAccess.Write);
        using (var gzip = new GZipStream(target, new ZLibCompressionOptions { CompressionLevel = Level }, leaveOpen: true))
        {
            gzip.Write(new ReadOnlySpan<byte>(from, length));
        }
        return (int)target.Length;
    }

    protected override int Unpack(byte* from, int length, byte* to, int capacity)
    {
        using var gzip = new GZipStream(new UnmanagedMemoryStream(from, length), CompressionMode.Decompress);
        int total = 0;
        int n;
        while ((n = gzip.Read(_window)) > 0) total += n;
        return total;
    }
}

/// <summary>One context used again and again, whole frames at once: the fastest way the library has.</summary>
sealed unsafe class ZstdNative : NativeCodec
{
    readonly nint _compressor = Native.ZSTD_createCCtx();
    readonly nint _decompressor = Native.ZSTD_createDCtx();

    public int Level { get; init; } = 3;

    protected override int BlockLength => 4 << 20;

    /// <summary>A frame as Java's stream writes it: a window of 2 MiB and no word about the size.</summary>
    public byte[] Streamed(byte[] plain)
    {
        const int WindowLog = 101;
        const int ContentSizeFlag = 200;
        nint context = Native.ZSTD_createCCtx();
        Native.ZSTD_CCtx_setParameter(context, WindowLog, 21);
        Native.ZSTD_CCtx_setParameter(context, ContentSizeFlag, 0);
        var target = new byte[plain.Length + 4096];
        fixed (byte* from = plain, to = target)
        {
            return target[..(int)Native.ZSTD_compress2(context, to, (nuint)target.Length, from, (nuint)plain.Length)];
        }
    }

    protected override int Pack(byte* from, int length, byte* to, int capacity) =>
        (int)Native.ZSTD_compressCCtx(_compressor, to, (nuint)capacity, from, (nuint)length, Level);

    protected override int Unpack(byte* from, int length, byte* to, int capacity) =>
        (int)Native.ZSTD_decompressDCtx(_decompressor, to, (nuint)capacity, from, (nuint)length);
}

sealed unsafe class SnappyNative : NativeCodec
{
    protected override int BlockLength => 32 << 10;

    protected override int Pack(byte* from, int length, byte* to, int capacity)
    {
        nuint size = (nuint)capacity;
        Native.snappy_compress(from, (nuint)length, to, &size);
        return (int)size;
    }

    protected override int Unpack(byte* from, int length, byte* to, int capacity)
    {
        nuint size = (nuint)capacity;
        Native.snappy_uncompress(from, (nuint)length, to, &size);
        return (int)size;
    }
}
