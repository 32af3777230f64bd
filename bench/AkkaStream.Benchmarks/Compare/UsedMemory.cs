using System.Globalization;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>
/// A broker's machine soon has no free memory: all of it caches files, and a new page is one that another file gives up. A virtual machine
/// that has much free memory may have lent it to its host, and then each first touch of a page costs far more than what is measured. So
/// free memory is filled with pages of a file full of nothing before each run, for all who are compared.
/// </summary>
sealed class UsedMemory : IDisposable
{
    const long LeftFree = 512L << 20;
    const int Piece = 1 << 20;

    readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), $"akkastream-bench-fill-{Environment.ProcessId}"), FileMode.Create, FileAccess.ReadWrite, FileShare.None,
        bufferSize: 0, FileOptions.DeleteOnClose);

    readonly byte[] _buffer = new byte[Piece];

    public UsedMemory() => _file.SetLength(MemoryLine("MemTotal:") * 3 / 4);

    /// <summary>Reads on from where it ended, round and round, at most once through the file.</summary>
    public void Fill()
    {
        for (long read = 0; read < _file.Length && MemoryLine("MemFree:") > LeftFree; read += 64 * Piece)
        {
            for (int i = 0; i < 64; i++)
            {
                if (_file.Read(_buffer) == 0) _file.Position = 0;
            }
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
}
