using System.Buffers;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Compresses through the system's libzstd with contexts that are used again. A context that a high level or a large
/// source has made big is not kept. Any thread.
/// </summary>
sealed unsafe class ZstdLibraryEncoder
{
    const int LargestIdle = 4 << 20;

    static readonly BoundedPool<ZstdLibraryEncoder> Idle = new(Environment.ProcessorCount);

    readonly ZstdLibrary.Functions _library;
    readonly nint _context;

    ZstdLibraryEncoder(ZstdLibrary.Functions library)
    {
        _library = library;
        _context = library.CreateCompressor();
    }

    ~ZstdLibraryEncoder() => _library.FreeCompressor(_context);

    /// <summary>Returns the length of the frame, or 0 when the library could not, for want of memory.</summary>
    public static int Encode(ZstdLibrary.Functions library, int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        ZstdLibraryEncoder encoder = Idle.TryTake() ?? new ZstdLibraryEncoder(library);
        int written = encoder.Encode(level, source, target);
        if (written == 0 || library.SizeOfCompressor(encoder._context) > LargestIdle || !Idle.TryReturn(encoder)) encoder.Free();
        return written;
    }

    int Encode(int level, ReadOnlySpan<byte> source, IBufferWriter<byte> target)
    {
        if (_context == 0) return 0;
        Span<byte> space = target.GetSpan((int)_library.CompressBound((nuint)source.Length));
        nuint written;
        fixed (byte* from = source, to = space)
        {
            written = _library.Compress(_context, to, (nuint)space.Length, from, (nuint)source.Length, level);
        }
        if (_library.IsError(written) != 0) return 0;
        target.Advance((int)written);
        return (int)written;
    }

    void Free()
    {
        GC.SuppressFinalize(this);
        _library.FreeCompressor(_context);
    }
}
