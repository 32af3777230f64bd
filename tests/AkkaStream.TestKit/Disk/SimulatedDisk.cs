using AkkaStream.Log.Files;

namespace AkkaStream.TestKit.Disk;

/// <summary>What the code under test asked the disk to do.</summary>
public enum DiskOperation
{
    Read,
    Write,
    Sync,

    /// <summary>Create, rename, delete: whatever changes a directory.</summary>
    Name,
}

/// <summary>How a run of the code under test ends, when it does not end by itself.</summary>
public enum CrashKind
{
    /// <summary>The process is gone, the machine is not: what was written is there.</summary>
    Kill,

    /// <summary>Only what was synced is sure to be there.</summary>
    PowerLoss,
}

/// <summary>Every call after the crash gets it, until <see cref="SimulatedDisk.Restart"/>. No IOException, so that nobody handles it.</summary>
public sealed class SimulatedCrashException() : Exception("the simulated machine is down");

/// <summary>
/// A disk in memory that behaves as badly as a real one may. It forgets at a power loss what was not synced: bytes sector by sector, names
/// in the order of their changes; it tears the write during which the power went; a failed sync drops what it should have written; it fills
/// up, fails reads and flips bits when told to. All chance comes from the seed. For all rooms; safe on several threads.
/// </summary>
/// <remarks>
/// What it does not do, because no journaling file system does: names of one directory becoming durable in another order than they were
/// changed in, and bytes written behind a cut surviving while the cut does not.
/// </remarks>
public sealed class SimulatedDisk : ILogFiles
{
    readonly Lock _gate = new();
    readonly DirectoryNode _root = new();
    readonly Random _random;
    int _boot = 1;
    int _process = 1;
    int? _operationsLeft;
    bool _isDown;

    public SimulatedDisk(long seed) => _random = Seeds.Random(seed);

    /// <summary>Null never fails. The path is of the file or the directory.</summary>
    public Func<DiskOperation, string, bool>? Fails { get; set; }

    /// <summary>Bytes that all files together may have.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Milliseconds, for the times of files.</summary>
    public Func<long> Clock { get; set; } = () => 0;

    /// <summary>At a power loss the length of a file may be kept while bytes in it are not: they read as zeros. Else lengths follow bytes.</summary>
    public bool LosesPages { get; set; } = true;

    /// <summary>Calls that changed anything, ever; for choosing where to crash.</summary>
    public int Changes { get; private set; }

    public int Syncs { get; private set; }

    public string BootId => $"boot-{_boot}";

    public long UsedBytes
    {
        get { lock (_gate) return _root.TotalBytes(); }
    }

    public bool IsDown
    {
        get { lock (_gate) return _isDown; }
    }

    /// <summary>The change after so many more is the last: it happens in part, if it can, and then the machine is down.</summary>
    public void CrashAfter(int changes)
    {
        lock (_gate) _operationsLeft = changes;
    }

    /// <summary>Down at once.</summary>
    public void Crash()
    {
        lock (_gate) _isDown = true;
    }

    /// <summary>The machine or the process is there again, with what the disk remembers. Files that were open are not any more.</summary>
    public void Restart(CrashKind kind)
    {
        lock (_gate)
        {
            _isDown = false;
            _operationsLeft = null;
            _process++;
            if (kind == CrashKind.Kill) return;
            _boot++;
            _root.LosePower(_random, LosesPages);
        }
    }

    /// <summary>Turns one bit of the file, in memory and on the disk.</summary>
    public void FlipBit(string path, long position, int bit)
    {
        lock (_gate) FileAt(path).Flip((int)position, bit);
    }

    public bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, path);
            return Find(path) is DirectoryNode;
        }
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            var at = _root;
            string full = Full(path);
            foreach (string part in Parts(full))
            {
                if (at.Find(part) is { } there)
                {
                    at = there as DirectoryNode ?? throw new IOException($"{full}: a file is in the way");
                    continue;
                }
                Change(DiskOperation.Name, full);
                var made = new DirectoryNode();
                at.Put(part, made);
                at = made;
            }
        }
    }

    public void RenameDirectory(string from, string to)
    {
        lock (_gate)
        {
            Change(DiskOperation.Name, from);
            var (parent, name) = Locate(from);
            var (target, newName) = Locate(to);
            if (parent.Find(name) is not DirectoryNode) throw new DirectoryNotFoundException(from);
            if (target.Find(newName) != null) throw new IOException($"{to} is already there.");
            if (parent != target) throw new NotSupportedException("Directories move within their parent only.");
            parent.Rename(name, newName);
        }
    }

    public void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            if (Find(path) is not DirectoryNode) return;
            Change(DiskOperation.Name, path);
            var (parent, name) = Locate(path);
            parent.Remove(name);
        }
    }

    public void SyncDirectory(string path)
    {
        lock (_gate)
        {
            Change(DiskOperation.Sync, path);
            Syncs++;
            (Find(path) as DirectoryNode ?? throw new DirectoryNotFoundException(path)).Sync();
        }
    }

    public IReadOnlyList<LogFileEntry> List(string directory)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, directory);
            var found = Find(directory) as DirectoryNode ?? throw new DirectoryNotFoundException(directory);
            return [.. from entry in found.Names
                    let file = entry.Value as FileNode
                    select new LogFileEntry(entry.Key, file?.Length ?? 0, file == null, file?.LastWriteMs ?? 0)];
        }
    }

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, path);
            return Find(path) is FileNode;
        }
    }

    public ILogFile Open(string path)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, path);
            return Find(path) is FileNode file ? new OpenFile(this, file, Full(path)) : throw new FileNotFoundException(path, path);
        }
    }

    public ILogFile Create(string path)
    {
        lock (_gate) return new OpenFile(this, MakeFile(path), Full(path));
    }

    public void DeleteFile(string path)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, path);
            if (Find(path) is not FileNode) return;
            Change(DiskOperation.Name, path);
            var (parent, name) = Locate(path);
            parent.Remove(name);
        }
    }

    public void RenameFile(string from, string to)
    {
        lock (_gate)
        {
            Change(DiskOperation.Name, from);
            var (parent, name) = Locate(from);
            var (target, newName) = Locate(to);
            if (parent.Find(name) is not FileNode) throw new FileNotFoundException(from, from);
            if (parent != target) throw new NotSupportedException("Files move within their directory only.");
            parent.Rename(name, newName);
        }
    }

    public byte[]? ReadAll(string path)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, path);
            return (Find(path) as FileNode)?.ToArray();
        }
    }

    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable)
    {
        string beside = path + ".tmp";
        using (var file = Create(beside))
        {
            file.Write(content, 0);
            if (durable) file.Flush();
        }
        RenameFile(beside, path);
        if (durable) SyncDirectory(Path.GetDirectoryName(Full(path)) ?? "/");
    }

    public long FreeSpace(string path)
    {
        lock (_gate)
        {
            Check(DiskOperation.Read, path);
            return Math.Max(0, Capacity - _root.TotalBytes());
        }
    }

    FileNode MakeFile(string path)
    {
        Change(DiskOperation.Name, path);
        var (parent, name) = Locate(path);
        if (parent.Find(name) is FileNode there)
        {
            there.Cut(0);
            return there;
        }
        var file = new FileNode { LastWriteMs = Clock() };
        parent.Put(name, file);
        return file;
    }

    FileNode FileAt(string path) => Find(path) as FileNode ?? throw new FileNotFoundException(path, path);

    object? Find(string path)
    {
        object? at = _root;
        foreach (string part in Parts(Full(path))) at = (at as DirectoryNode)?.Find(part);
        return at;
    }

    (DirectoryNode Parent, string Name) Locate(string path)
    {
        string full = Full(path);
        var parent = Find(Path.GetDirectoryName(full) ?? "/") as DirectoryNode ?? throw new DirectoryNotFoundException(full);
        return (parent, Path.GetFileName(full));
    }

    static string Full(string path) => Path.GetFullPath(path);

    static string[] Parts(string full) => full.Split('/', StringSplitOptions.RemoveEmptyEntries);

    void Check(DiskOperation operation, string path)
    {
        if (FailsNow(operation, path)) throw Failure(operation, path);
    }

    /// <summary>Asked once for each call: whoever answers may throw dice.</summary>
    bool FailsNow(DiskOperation operation, string path)
    {
        if (_isDown) throw new SimulatedCrashException();
        return Fails?.Invoke(operation, path) == true;
    }

    static IOException Failure(DiskOperation operation, string path) => new($"{path}: simulated failure of {operation}");

    /// <summary>False when this is the change during which the machine goes down.</summary>
    bool Survives(DiskOperation operation, string path)
    {
        Check(operation, path);
        return Survives();
    }

    bool Survives()
    {
        Changes++;
        if (_operationsLeft is not { } left) return true;
        _operationsLeft = left - 1;
        if (left > 0) return true;
        _isDown = true;
        return false;
    }

    void Change(DiskOperation operation, string path)
    {
        if (!Survives(operation, path)) throw new SimulatedCrashException();
    }

    /// <summary>An open file, good until the next restart.</summary>
    sealed class OpenFile(SimulatedDisk disk, FileNode file, string path) : ILogFile
    {
        readonly int _process = disk._process;

        public long Length
        {
            get { lock (disk._gate) return file.Length; }
        }

        public Microsoft.Win32.SafeHandles.SafeFileHandle? Handle => null;

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            lock (disk._gate)
            {
                Living();
                if (!disk.Survives(DiskOperation.Write, path))
                {
                    file.Write(bytes[..disk._random.Next(bytes.Length + 1)], (int)position);
                    throw new SimulatedCrashException();
                }
                long grows = Math.Max(0, position + bytes.Length - file.Length);
                long room = disk.Capacity - disk._root.TotalBytes();
                file.LastWriteMs = disk.Clock();
                if (grows <= room)
                {
                    file.Write(bytes, (int)position);
                    return;
                }
                int fits = (int)Math.Clamp(bytes.Length - grows + room, 0, bytes.Length);
                file.Write(bytes[..fits], (int)position);
                throw DiskFailure.Full(path);
            }
        }

        public void WriteGather(ReadOnlySpan<IoSlice> slices, long position)
        {
            int total = 0;
            foreach (var slice in slices) total += slice.Length;
            byte[] all = new byte[total];
            int at = 0;
            foreach (var slice in slices)
            {
                slice.Span.CopyTo(all.AsSpan(at));
                at += slice.Length;
            }
            Write(all, position);
        }

        public int Read(Span<byte> buffer, long position)
        {
            lock (disk._gate)
            {
                Living();
                disk.Check(DiskOperation.Read, path);
                return file.Read(buffer, position);
            }
        }

        public int TryReadCached(Span<byte> buffer, long position) => Read(buffer, position);

        public void Preallocate(long upTo)
        {
            // Space set aside cannot be seen.
        }

        public void Truncate(long length)
        {
            lock (disk._gate)
            {
                Living();
                disk.Change(DiskOperation.Write, path);
                file.Cut((int)length);
            }
        }

        public void Flush()
        {
            lock (disk._gate)
            {
                Living();
                disk.Syncs++;
                if (disk.FailsNow(DiskOperation.Sync, path))
                {
                    file.FailSync(disk._random, disk.LosesPages);
                    throw Failure(DiskOperation.Sync, path);
                }
                if (!disk.Survives()) throw new SimulatedCrashException();
                file.Sync();
            }
        }

        public void Dispose()
        {
            // The file lives as long as its name or a user of it.
        }

        void Living()
        {
            if (_process != disk._process) throw new InvalidOperationException($"{path} was opened before the last restart");
        }
    }
}
