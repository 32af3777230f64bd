namespace AkkaStream.Log.Files;

/// <summary>
/// The disk seam: everything the log does to a disk goes through here. <see cref="OsFiles"/> is the real one, <see cref="MemoryFiles"/> keeps
/// a broker's data in memory, and the tests have one that forgets, tears and flips. Failures of the environment are
/// <see cref="IOException"/>s; a full disk is recognised by <see cref="DiskFailure"/>. Safe to call from several threads.
/// </summary>
public interface ILogFiles
{
    /// <summary>
    /// Names the run of the machine: while it stays the same, what was written survives the end of the process even
    /// without a sync. Null where nobody can tell.
    /// </summary>
    string? BootId { get; }

    bool DirectoryExists(string path);

    /// <summary>Creates missing parents too.</summary>
    void CreateDirectory(string path);

    void RenameDirectory(string from, string to);

    /// <summary>With all that is in it; a directory that is not there is fine.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes created, renamed and deleted names in this directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Files and directories in it, in no order.</summary>
    IReadOnlyList<LogFileEntry> List(string directory);

    bool FileExists(string path);

    /// <summary>For reading and writing; throws <see cref="FileNotFoundException"/> when it is not there.</summary>
    ILogFile Open(string path);

    /// <summary>For reading and writing; what was there before is gone.</summary>
    ILogFile Create(string path);

    /// <summary>A file that is not there is fine.</summary>
    void DeleteFile(string path);

    /// <summary>Replaces the target.</summary>
    void RenameFile(string from, string to);

    /// <summary>Null when the file is not there.</summary>
    byte[]? ReadAll(string path);

    /// <summary>
    /// Readers see the old content or the new one, never a mixture: written beside it, then renamed over it. When
    /// <paramref name="durable"/>, content and name are synced before it returns.
    /// </summary>
    void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable);

    /// <summary>Bytes that can still be written on the disk of this path.</summary>
    long FreeSpace(string path);

    /// <summary>Size of the disk of this path; -1 where nobody can tell.</summary>
    long TotalSpace(string path) => -1;
}

/// <summary>One name in a directory listing.</summary>
public sealed record LogFileEntry(string Name, long Length, bool IsDirectory, long LastWriteMs);
