using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>
/// A page that a broker writes to for the first time costs what the machine makes it cost: on a virtual one that has much free memory its host
/// may have taken the page back and must give it again, and where none is free another file's page must be found first; both cost more than
/// what is measured, and come and go. So before each run, for all who are compared, all memory is filled with pages of a file full of nothing,
/// and then enough for a run is freed in pieces that lie apart and are smaller than what a host takes back (2 MB).
/// </summary>
sealed partial class UsedMemory : IDisposable
{
    const long LeastFree = 512L << 20, EnoughFree = 4L << 30;
    const int Piece = 512 << 10, PiecesPerLook = 128;
    const int DontNeed = 4; // POSIX_FADV_DONTNEED

    readonly string _path = Path.Combine(Path.GetTempPath(), $"akkastream-bench-fill-{Environment.ProcessId}");
    readonly SafeFileHandle _file;
    readonly byte[] _buffer = new byte[Piece];
    readonly long _pieces;
    long _next;

    public UsedMemory()
    {
        _pieces = MemoryLine("MemTotal:") * 3 / 4 / Piece;
        _file = File.OpenHandle(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.SetLength(_file, _pieces * Piece);
    }

    public void Fill()
    {
        for (long read = 0; read < _pieces && MemoryLine("MemFree:") > LeastFree; read += PiecesPerLook)
        {
            for (int i = 0; i < PiecesPerLook; i++, _next++) RandomAccess.Read(_file, _buffer, _next % _pieces * Piece);
        }

        // Every second one of those read last.
        for (long back = 2; back < _pieces && MemoryLine("MemFree:") < EnoughFree; back += 2 * PiecesPerLook)
        {
            for (int i = 0; i < PiecesPerLook; i++)
                posix_fadvise(_file, (_next + 2 * _pieces - back - 2 * i) % _pieces * Piece, Piece, DontNeed);
        }
    }

    static long MemoryLine(string name)
    {
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(name.Length).TrimEnd("kB "), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        return 0;
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc")]
    private static partial int posix_fadvise(SafeFileHandle file, long offset, long length, int advice);
}
