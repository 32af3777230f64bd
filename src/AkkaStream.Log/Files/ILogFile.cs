using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Log.Files;

/// <summary>One open file. One thread writes; any number read meanwhile, at positions that were written before.</summary>
public interface ILogFile : IDisposable
{
    /// <summary>Bytes written, not counting space set aside by <see cref="Preallocate"/>.</summary>
    long Length { get; }

    /// <summary>All of it or an exception; after an exception the bytes from <paramref name="position"/> on are unknown.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>The slices one behind the other in as few calls as the system allows; else as <see cref="Write"/>.</summary>
    void WriteGather(ReadOnlySpan<IoSlice> slices, long position);

    /// <summary>Bytes read: fewer than asked for only at the end of the file.</summary>
    int Read(Span<byte> buffer, long position);

    /// <summary>Bytes that could be read without waiting for the disk, maybe fewer than asked for; -1 when none could.</summary>
    int TryReadCached(Span<byte> buffer, long position);

    /// <summary>Sets space aside up to there without changing the length. A hint: it may do nothing.</summary>
    void Preallocate(long upTo);

    /// <summary>Cuts the file, and gives back space set aside behind the new end.</summary>
    void Truncate(long length);

    /// <summary>Makes what was written durable. After an exception nothing is known about any byte since the last good one.</summary>
    void Flush();

    /// <summary>For handing file bytes to a socket; null when there is no real file.</summary>
    SafeFileHandle? Handle { get; }
}

/// <summary>A piece of native memory to write. Laid out as the system's iovec.</summary>
public readonly unsafe struct IoSlice(byte* pointer, int length)
{
    public readonly byte* Pointer = pointer;
    readonly nint _length = length;

    public int Length => (int)_length;
    public ReadOnlySpan<byte> Span => new(Pointer, (int)_length);
}
