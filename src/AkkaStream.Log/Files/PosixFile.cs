using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Log.Files;

/// <summary>
/// The few system calls that .NET does not offer: gathered writes from native memory, reads that refuse to wait, space set
/// aside without growing the file, and the sync of a directory. Linux only; elsewhere <see cref="OsFile"/> goes without.
/// </summary>
static unsafe partial class PosixFile
{
    public const int NotSupported = -2;

    const int KeepSize = 1;
    const int NoWait = 8;
    const int MostSlices = 64;

    /// <summary>
    /// No write crosses a multiple of this. For a longer one the kernel takes the page cache in blocks so large that they come from memory
    /// nobody has used for long, which costs several times the copy: on a virtual machine the host must find it first.
    /// </summary>
    const int PieceBytes = 256 * 1024;
    const int ReadOnlyCloseOnExec = 0x80000;
    const int Interrupted = 4;
    const int Again = 11;
    const int OperationNotSupported = 95;
    const int NotImplemented = 38;

    public static bool Available { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>One piece alone, the most frequent case, for less than a gathered write costs. The position behind the last byte.</summary>
    public static long Write(int file, in IoSlice slice, long position, string path)
    {
        for (int written = 0; written < slice.Length;)
        {
            int length = Math.Min(slice.Length - written, PieceBytes - (int)(position % PieceBytes));
            nint wrote = pwrite(file, slice.Pointer + written, length, position);
            if (wrote < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Interrupted) continue;
                throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
            position += wrote;
            written += (int)wrote;
        }
        return position;
    }

    /// <summary>The position behind the last byte.</summary>
    public static long WriteGather(SafeFileHandle file, ReadOnlySpan<IoSlice> slices, long position, string path)
    {
        var window = stackalloc IoSlice[MostSlices];
        int next = 0, written = 0; // so much of slices[next]
        while (next < slices.Length)
        {
            int count = Fill(window, slices[next..], written, PieceBytes - (int)(position % PieceBytes));
            nint wrote = pwritev(file, window, count, position);
            if (wrote < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Interrupted) continue;
                throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
            }
            position += wrote;
            written += (int)wrote;
            while (next < slices.Length && written >= slices[next].Length) written -= slices[next++].Length;
        }
        return position;
    }

    static int Fill(IoSlice* window, ReadOnlySpan<IoSlice> slices, int skip, int room)
    {
        int count = 0;
        foreach (ref readonly var slice in slices)
        {
            int length = Math.Min(slice.Length - skip, room);
            window[count++] = new IoSlice(slice.Pointer + skip, length);
            room -= length;
            if (room == 0 || count == MostSlices) break;
            skip = 0;
        }
        return count;
    }

    /// <summary>Bytes read, -1 when it would wait, <see cref="NotSupported"/> when this file system cannot say.</summary>
    public static int TryReadCached(SafeFileHandle file, Span<byte> buffer, long position, string path)
    {
        if (buffer.IsEmpty) return 0;
        fixed (byte* start = buffer)
        {
            var slice = new IoSlice(start, buffer.Length);
            while (true)
            {
                nint read;
                try
                {
                    read = preadv2(file, &slice, 1, position, NoWait);
                }
                catch (EntryPointNotFoundException)
                {
                    return NotSupported;
                }
                if (read >= 0) return (int)read;
                int error = Marshal.GetLastPInvokeError();
                switch (error)
                {
                    case Interrupted: continue;
                    case Again: return -1;
                    case OperationNotSupported or NotImplemented: return NotSupported;
                    default: throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
                }
            }
        }
    }

    /// <summary>False when it is of no use to try again on this file.</summary>
    public static bool TryPreallocate(SafeFileHandle file, long from, long length) =>
        fallocate(file, KeepSize, from, length) == 0 || Marshal.GetLastPInvokeError() is not (OperationNotSupported or NotImplemented);

    public static void SyncDirectory(string path)
    {
        if (!Available) return; // Windows and macOS keep names durable by other means, or not at all
        int directory = open(path, ReadOnlyCloseOnExec);
        if (directory < 0) throw Failed(path);
        try
        {
            if (fsync(directory) != 0) throw Failed(path);
        }
        finally
        {
            _ = close(directory);
        }
    }

    static IOException Failed(string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pwrite(int file, byte* bytes, nint length, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pwritev(SafeFileHandle file, IoSlice* slices, int count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint preadv2(SafeFileHandle file, IoSlice* slices, int count, long offset, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);
}
