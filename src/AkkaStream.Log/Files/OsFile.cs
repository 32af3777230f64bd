using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Log.Files;

/// <summary>One file of the real disk, by position only: no buffer of its own, no seek.</summary>
sealed class OsFile(SafeFileHandle handle, string path) : ILogFile
{
    long _length = RandomAccess.GetLength(handle);
    bool _preallocates = PosixFile.Available;
    bool _knowsCached = PosixFile.Available;

    public long Length => Volatile.Read(ref _length);

    public SafeFileHandle? Handle => handle;

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        WriteAt(bytes, position);
        Grew(position + bytes.Length);
    }

    void WriteAt(ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(handle, bytes, position);
        }
        catch (ArgumentOutOfRangeException)
        {
            // How .NET says that the file may not grow so far.
            throw DiskFailure.Full(path);
        }
    }

    public void WriteGather(ReadOnlySpan<IoSlice> slices, long position)
    {
        if (PosixFile.Available)
        {
            // Whoever writes holds a lease, so the file stays open.
            position = slices.Length == 1
                ? PosixFile.Write((int)handle.DangerousGetHandle(), slices[0], position, path)
                : PosixFile.WriteGather(handle, slices, position, path);
        }
        else
        {
            foreach (var slice in slices)
            {
                WriteAt(slice.Span, position);
                position += slice.Length;
            }
        }
        Grew(position);
    }

    public int Read(Span<byte> buffer, long position)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], position + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public int TryReadCached(Span<byte> buffer, long position)
    {
        if (_knowsCached)
        {
            int read = PosixFile.TryReadCached(handle, buffer, position, path);
            if (read != PosixFile.NotSupported) return read;
            _knowsCached = false;
        }
        return Read(buffer, position);
    }

    public void Preallocate(long upTo)
    {
        if (_preallocates && upTo > Length) _preallocates = PosixFile.TryPreallocate(handle, Length, upTo - Length);
    }

    public void Truncate(long length)
    {
        RandomAccess.SetLength(handle, length);
        Volatile.Write(ref _length, length);
    }

    public void Flush() => RandomAccess.FlushToDisk(handle);

    public void Dispose() => handle.Dispose();

    void Grew(long end)
    {
        if (end > _length) Volatile.Write(ref _length, end);
    }
}
