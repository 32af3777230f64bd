using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// The system's own libzstd, if it is there: looked for once, by the names it goes by, and never required. The few
/// functions of its stable interface that are used here. Any thread.
/// </summary>
static unsafe class ZstdLibrary
{
    // Since 1.4.0 a context can be reset and given parameters one by one.
    const uint OldestVersion = 10400;

    /// <summary>ZSTD_reset_session_only.</summary>
    public const int ResetSession = 1;

    /// <summary>ZSTD_error_checksum_wrong.</summary>
    public const int ChecksumWrong = 22;

    static readonly string[] Names = ["libzstd.so.1", "libzstd.so", "libzstd.dylib", "libzstd.dll"];

    static readonly Functions? Loaded = Load();

    public static bool IsPresent => Loaded is not null;

    /// <summary>Null without the library.</summary>
    public static Functions? TryGet() => Loaded;

    static Functions? Load()
    {
        foreach (string name in Names)
        {
            if (!NativeLibrary.TryLoad(name, out nint handle)) continue;
            if (Functions.TryBind(handle) is { } functions && functions.VersionNumber() >= OldestVersion) return functions;
            NativeLibrary.Free(handle);
        }
        return null;
    }

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer: both are a pointer, a size and a position.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Bytes;
        public nuint Length;
        public nuint Position;
    }

    public sealed class Functions
    {
        public required delegate* unmanaged<uint> VersionNumber { get; init; }
        public required delegate* unmanaged<nuint, uint> IsError { get; init; }
        public required delegate* unmanaged<nuint, int> GetErrorCode { get; init; }
        public required delegate* unmanaged<nuint, nuint> CompressBound { get; init; }
        public required delegate* unmanaged<nint> CreateCompressor { get; init; }
        public required delegate* unmanaged<nint, nuint> FreeCompressor { get; init; }
        public required delegate* unmanaged<nint, nuint> SizeOfCompressor { get; init; }
        public required delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int, nuint> Compress { get; init; }
        public required delegate* unmanaged<nint> CreateDecompressor { get; init; }
        public required delegate* unmanaged<nint, nuint> FreeDecompressor { get; init; }
        public required delegate* unmanaged<nint, nuint> SizeOfDecompressor { get; init; }
        public required delegate* unmanaged<nint, int, nuint> ResetDecompressor { get; init; }
        public required delegate* unmanaged<nint, Buffer*, Buffer*, nuint> DecompressStream { get; init; }
        public required delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> Decompress { get; init; }
        public required delegate* unmanaged<byte*, nuint, nuint> FindFrameCompressedSize { get; init; }

        /// <summary>Null when a function is missing.</summary>
        public static Functions? TryBind(nint library)
        {
            bool complete = true;
            nint Find(string name)
            {
                complete &= NativeLibrary.TryGetExport(library, name, out nint address);
                return address;
            }
            var functions = new Functions
            {
                VersionNumber = (delegate* unmanaged<uint>)Find("ZSTD_versionNumber"),
                IsError = (delegate* unmanaged<nuint, uint>)Find("ZSTD_isError"),
                GetErrorCode = (delegate* unmanaged<nuint, int>)Find("ZSTD_getErrorCode"),
                CompressBound = (delegate* unmanaged<nuint, nuint>)Find("ZSTD_compressBound"),
                CreateCompressor = (delegate* unmanaged<nint>)Find("ZSTD_createCCtx"),
                FreeCompressor = (delegate* unmanaged<nint, nuint>)Find("ZSTD_freeCCtx"),
                SizeOfCompressor = (delegate* unmanaged<nint, nuint>)Find("ZSTD_sizeof_CCtx"),
                Compress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, int, nuint>)Find("ZSTD_compressCCtx"),
                CreateDecompressor = (delegate* unmanaged<nint>)Find("ZSTD_createDCtx"),
                FreeDecompressor = (delegate* unmanaged<nint, nuint>)Find("ZSTD_freeDCtx"),
                SizeOfDecompressor = (delegate* unmanaged<nint, nuint>)Find("ZSTD_sizeof_DCtx"),
                ResetDecompressor = (delegate* unmanaged<nint, int, nuint>)Find("ZSTD_DCtx_reset"),
                DecompressStream = (delegate* unmanaged<nint, Buffer*, Buffer*, nuint>)Find("ZSTD_decompressStream"),
                Decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)Find("ZSTD_decompressDCtx"),
                FindFrameCompressedSize = (delegate* unmanaged<byte*, nuint, nuint>)Find("ZSTD_findFrameCompressedSize"),
            };
            return complete ? functions : null;
        }
    }
}
