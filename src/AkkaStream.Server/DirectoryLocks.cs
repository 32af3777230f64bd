
using AkkaStream.Log;
using AkkaStream.Log.Files;

namespace AkkaStream.Server;

/// <summary>The data directories cannot be used by this process now; says which one, why, and the cure.</summary>
public sealed class DirectoryUnusableException(string message) : Exception(message);

/// <summary>
/// Holds the file <c>.lock</c> of each data directory while the broker runs, so that no second one writes there. It is the
/// file that Kafka locks too, and it is locked in both ways that systems know: a Kafka that runs in the directory keeps us
/// out, and we keep it out. The system lets go of it when the process ends, however it ends.
/// </summary>
sealed class DirectoryLocks : IDisposable
{
    const string FileName = ".lock";

    readonly List<FileStream> _held = [];

    public static DirectoryLocks Take(IReadOnlyList<string> directories, ILogFiles disk)
    {
        var locks = new DirectoryLocks();
        try
        {
            foreach (string directory in directories) locks.TakeOne(directory, disk);
            return locks;
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }

    void TakeOne(string directory, ILogFiles disk)
    {
        try
        {
            LogDirectory.Make(directory, disk);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DirectoryUnusableException($"The data directory {directory} cannot be made: {Reason(e)}. {Cure}");
        }
        FileStream? file = null;
        try
        {
            // FileShare.None is flock, which also tells two brokers of one process apart; Lock is fcntl, which Java uses.
            file = new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            if (!OperatingSystem.IsMacOS()) file.Lock(0, 0);
            _held.Add(file);
        }
        catch (UnauthorizedAccessException e)
        {
            file?.Dispose();
            throw new DirectoryUnusableException($"The data directory {directory} cannot be written: {Reason(e)}. {Cure}");
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            file?.Dispose();
            throw new DirectoryUnusableException($"The data directory {directory} is in use by another broker. " +
                "Stop that one, or give this one a directory of its own in log.dirs");
        }
        catch (IOException e)
        {
            file?.Dispose();
            throw new DirectoryUnusableException($"The data directory {directory} cannot be written: {Reason(e)}. {Cure}");
        }
    }

    const string Cure = "Give this user the right to write there, or name another directory in log.dirs";

    /// <summary>EAGAIN and EACCES, as both kinds of locks say that they are taken; on Windows a sharing or lock violation.</summary>
    static bool IsHeldByAnother(IOException e) => OperatingSystem.IsWindows()
        ? (e.HResult & 0xFFFF) is 32 or 33
        : e.HResult is 11 or 13 or 35 || e.Message.Contains("being used by another process", StringComparison.Ordinal);

    static string Reason(Exception e) => e.Message.TrimEnd('.');

    public void Dispose()
    {
        foreach (var file in _held) file.Dispose();
        _held.Clear();
    }
}
