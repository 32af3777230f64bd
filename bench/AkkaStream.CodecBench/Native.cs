using System.Runtime.InteropServices;

namespace AkkaStream.CodecBench;

/// <summary>The system's own libraries, to measure against. Null results mean that the library is not there.</summary>
static unsafe partial class Native
{
    [LibraryImport("liblz4.so.1")]
    public static partial int LZ4_compress_default(byte* source, byte* target, int length, int capacity);

    [LibraryImport("liblz4.so.1")]
    public static partial int LZ4_compress_HC(byte* source, byte* target, int length, int capacity, int level);

    [LibraryImport("liblz4.so.1")]
    public static partial int LZ4_decompress_safe(byte* source, byte* target, int length, int capacity);

    [LibraryImport("libsnappy.so.1")]
    public static partial int snappy_compress(byte* source, nuint length, byte* target, nuint* capacity);

    [LibraryImport("libsnappy.so.1")]
    public static partial int snappy_uncompress(byte* source, nuint length, byte* target, nuint* capacity);

    [LibraryImport("libzstd.so.1")]
    public static partial nint ZSTD_createCCtx();

    [LibraryImport("libzstd.so.1")]
    public static partial nint ZSTD_createDCtx();

    [LibraryImport("libzstd.so.1")]
    public static partial nuint ZSTD_compressCCtx(nint context, byte* target, nuint capacity, byte* source, nuint length, int level);

    [LibraryImport("libzstd.so.1")]
    public static partial nuint ZSTD_decompressDCtx(nint context, byte* target, nuint capacity, byte* source, nuint length);

    [LibraryImport("libzstd.so.1")]
    public static partial nuint ZSTD_CCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport("libzstd.so.1")]
    public static partial nuint ZSTD_compress2(nint context, byte* target, nuint capacity, byte* source, nuint length);
}
