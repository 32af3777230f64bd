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
    const int MostSlices = 1024;
    const int ReadOnlyCloseOnExec = 0x80000;
    const int Interrupted = 4;
    const int Again = 11;
    const int OperationNotSupported = 95;
    const int NotImplemented = 38;

    public static bool Available { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>The position behind the last byte.</summary>
    public static long WriteGather(SafeFileHandle file, ReadOnlySpan<IoSlice> slices, long position, string path)
    {
        fixed (IoSlice* all = slices)
        {
            int next = 0;
            while (next < slices.Length)
            {
                int count = Math.Min(slices.Length - next, MostSlices);
                nint written = pwritev(file, all + next, count, position);
                if (written < 0)
                {
                    int error = Marshal.GetLastPInvokeError();
                    if (error == Interrupted) continue;
                    throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error);
                }
                position += written;
                while (next < slices.Length && written >= slices[next].Length) written -= slices[next++].Length;
                if (written == 0) continue;
                // A short write stops inside a slice: the rest of that one goes by itself, then the gathering goes on.
                var rest = slices[next].Span[(int)written..];
                RandomAccess.Write(file, rest, position);
                position += rest.Length;
                next++;
            }
        }
        return position;
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
