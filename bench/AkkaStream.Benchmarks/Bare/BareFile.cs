using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Benchmarks.Bare;

/// <summary>Files of bare loops and servers, without a name, so that they go with whoever has them open.</summary>
static class BareFile
{
    static int s_files;

    /// <summary>Without a page in the cache; its place on the disk is set aside.</summary>
    public static SafeFileHandle New(long bytes)
    {
        string path = Path.Combine(Path.GetTempPath(), $"akkastream-bench-bare-{Environment.ProcessId}-{s_files++}");
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Delete, FileOptions.None, bytes);
        File.Delete(path); // now, for a bare server is killed
        return file;
    }

    /// <summary>
    /// In the page cache, written in pieces of so many bytes to each file in turn, as to partitions: on that depends how their pages lie.
    /// </summary>
    public static SafeFileHandle[] Written(int files, long bytes, int piece)
    {
        SafeFileHandle[] written = [.. Enumerable.Range(0, files).Select(_ => New(bytes))];
        byte[] zeros = new byte[piece];
        for (long at = 0; at < bytes; at += piece)
        {
            foreach (var file in written) RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(piece, bytes - at)), at);
        }
        return written;
    }
}
