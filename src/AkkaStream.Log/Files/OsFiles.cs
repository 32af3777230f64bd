using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Log.Files;

/// <summary>The real disk.</summary>
public sealed class OsFiles : ILogFiles
{
    const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    public string? BootId { get; } = File.Exists(BootIdPath) ? File.ReadAllText(BootIdPath).Trim() : null;

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path) => Allowed(() => Directory.CreateDirectory(path));

    public void RenameDirectory(string from, string to) => Allowed(() => Directory.Move(from, to));

    public void DeleteDirectory(string path) => Allowed(() =>
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    });

    public void SyncDirectory(string path) => PosixFile.SyncDirectory(path);

    public IReadOnlyList<LogFileEntry> List(string directory)
    {
        var entries = new FileSystemEnumerable<LogFileEntry>(
            directory,
            (ref FileSystemEntry entry) => new LogFileEntry(
                entry.FileName.ToString(), entry.IsDirectory ? 0 : entry.Length, entry.IsDirectory,
                entry.LastWriteTimeUtc.ToUnixTimeMilliseconds()),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });
        return [.. entries];
    }

    public bool FileExists(string path) => File.Exists(path);

    public ILogFile Open(string path) => new OsFile(Handle(path, FileMode.Open), path);

    public ILogFile Create(string path) => new OsFile(Handle(path, FileMode.Create), path);

    public void DeleteFile(string path) => Allowed(() =>
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its directory: that is what was asked for.
        }
    });

    public void RenameFile(string from, string to) => Allowed(() => File.Move(from, to, overwrite: true));

    public byte[]? ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable)
    {
        string beside = path + ".tmp";
        using (var handle = Handle(beside, FileMode.Create))
        {
            RandomAccess.Write(handle, content, 0);
            if (durable) RandomAccess.FlushToDisk(handle);
        }
        RenameFile(beside, path);
        if (durable) SyncDirectory(Path.GetDirectoryName(path) ?? ".");
    }

    public long FreeSpace(string path) => new DriveInfo(path).AvailableFreeSpace;

    public long TotalSpace(string path) => new DriveInfo(path).TotalSize;

    static SafeFileHandle Handle(string path, FileMode mode) => Allowed(() =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess));

    static void Allowed(Action work) => Allowed(() =>
    {
        work();
        return true;
    });

    /// <summary>To the log a forbidden file is one more failure of the environment.</summary>
    static T Allowed<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new IOException(refused.Message, refused);
        }
    }
}
