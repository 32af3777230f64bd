using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>
/// The system's own codec libraries, as a second opinion. A machine without one of them leaves the checks against it out,
/// unless AKKASTREAM_REQUIRE_ALL=1 demands them all. Debian: liblz4-1 libsnappy1v5 libzstd1.
/// </summary>
static unsafe partial class NativeLibraries
{
    public const string Lz4 = "liblz4.so.1";
    public const string Snappy = "libsnappy.so.1";
    public const string Zstd = "libzstd.so.1";

    public static bool Has(string library)
    {
        if (NativeLibrary.TryLoad(library, out _)) return true;
        Require(library);
        return false;
    }

    /// <summary>Ends the test if everything is demanded.</summary>
    public static void Require(string what) =>
        Assert.False(
            Environment.GetEnvironmentVariable("AKKASTREAM_REQUIRE_ALL") == "1",
            $"{what} is missing and AKKASTREAM_REQUIRE_ALL=1; tests/install brings it");

    [StructLayout(LayoutKind.Sequential)]
    public struct Lz4Preferences
    {
        public int BlockSize;
        public int Independent;
        public int ContentChecksum;
        public int FrameType;
        public ulong ContentSize;
        public uint Dictionary;
        public int BlockChecksum;
        public int Level;
        public uint AutoFlush;
        public uint FavorDecompression;
        public uint Reserved0;
        public uint Reserved1;
        public uint Reserved2;
    }

    public static byte[] Lz4Compress(byte[] plain, Lz4Preferences preferences)
    {
        var target = new byte[(int)LZ4F_compressFrameBound((nuint)plain.Length, &preferences)];
        fixed (byte* from = plain, to = target)
        {
            nuint length = LZ4F_compressFrame(to, (nuint)target.Length, from, (nuint)plain.Length, &preferences);
            Assert.Equal(0u, LZ4F_isError(length));
            return target[..(int)length];
        }
    }

    public static byte[] Lz4Decompress(byte[] packed, int length)
    {
        var target = new byte[length + 1];
        nint context;
        Assert.Equal(0u, LZ4F_isError(LZ4F_createDecompressionContext(&context, 100)));
        nuint at = 0;
        nuint made = 0;
        fixed (byte* from = packed, to = target)
        {
            nuint hint;
            do
            {
                nuint taken = (nuint)packed.Length - at;
                nuint room = (nuint)target.Length - made;
                hint = LZ4F_decompress(context, to + made, &room, from + at, &taken, null);
                Assert.Equal(0u, LZ4F_isError(hint));
                at += taken;
                made += room;
                Assert.True(hint == 0 || taken + room > 0, "liblz4 wants more than there is");
            }
            while (hint != 0);
        }
        LZ4F_freeDecompressionContext(context);
        Assert.Equal(packed.Length, (int)at);
        return target[..(int)made];
    }

    public static byte[] SnappyCompress(byte[] plain)
    {
        nuint length = snappy_max_compressed_length((nuint)plain.Length);
        var target = new byte[(int)length];
        fixed (byte* from = plain, to = target) Assert.Equal(0, snappy_compress(from, (nuint)plain.Length, to, &length));
        return target[..(int)length];
    }

    public static byte[] SnappyDecompress(ReadOnlySpan<byte> packed)
    {
        nuint length;
        fixed (byte* from = packed)
        {
            Assert.Equal(0, snappy_uncompressed_length(from, (nuint)packed.Length, &length));
            var target = new byte[(int)length];
            fixed (byte* to = target) Assert.Equal(0, snappy_uncompress(from, (nuint)packed.Length, to, &length));
            return target;
        }
    }

    public static byte[] ZstdCompress(byte[] plain, params (int Parameter, int Value)[] parameters)
    {
        nint context = ZSTD_createCCtx();
        foreach ((int parameter, int value) in parameters)
        {
            Assert.Equal(0u, ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)));
        }
        var target = new byte[(int)ZSTD_compressBound((nuint)plain.Length) + 64];
        fixed (byte* from = plain, to = target)
        {
            nuint length = ZSTD_compress2(context, to, (nuint)target.Length, from, (nuint)plain.Length);
            Assert.Equal(0u, ZSTD_isError(length));
            ZSTD_freeCCtx(context);
            return target[..(int)length];
        }
    }

    public static byte[] ZstdDecompress(byte[] packed, int length)
    {
        var target = new byte[length + 1];
        fixed (byte* from = packed, to = target)
        {
            nuint made = ZSTD_decompress(to, (nuint)target.Length, from, (nuint)packed.Length);
            Assert.Equal(0u, ZSTD_isError(made));
            return target[..(int)made];
        }
    }

    [LibraryImport(Lz4)]
    private static partial uint LZ4F_isError(nuint code);

    [LibraryImport(Lz4)]
    private static partial nuint LZ4F_compressFrameBound(nuint length, Lz4Preferences* preferences);

    [LibraryImport(Lz4)]
    private static partial nuint LZ4F_compressFrame(byte* to, nuint capacity, byte* from, nuint length, Lz4Preferences* preferences);

    [LibraryImport(Lz4)]
    private static partial nuint LZ4F_createDecompressionContext(nint* context, uint version);

    [LibraryImport(Lz4)]
    private static partial nuint LZ4F_freeDecompressionContext(nint context);

    [LibraryImport(Lz4)]
    private static partial nuint LZ4F_decompress(nint context, byte* to, nuint* room, byte* from, nuint* taken, void* options);

    [LibraryImport(Snappy)]
    private static partial nuint snappy_max_compressed_length(nuint length);

    [LibraryImport(Snappy)]
    private static partial int snappy_compress(byte* from, nuint length, byte* to, nuint* capacity);

    [LibraryImport(Snappy)]
    private static partial int snappy_uncompressed_length(byte* from, nuint length, nuint* plain);

    [LibraryImport(Snappy)]
    private static partial int snappy_uncompress(byte* from, nuint length, byte* to, nuint* capacity);

    [LibraryImport(Zstd)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Zstd)]
    private static partial nint ZSTD_createCCtx();

    [LibraryImport(Zstd)]
    private static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport(Zstd)]
    private static partial nuint ZSTD_CCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport(Zstd)]
    private static partial nuint ZSTD_compressBound(nuint length);

    [LibraryImport(Zstd)]
    private static partial nuint ZSTD_compress2(nint context, byte* to, nuint capacity, byte* from, nuint length);

    [LibraryImport(Zstd)]
    private static partial nuint ZSTD_decompress(byte* to, nuint capacity, byte* from, nuint length);
}
