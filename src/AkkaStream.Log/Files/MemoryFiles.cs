using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Log.Files;

/// <summary>
/// A disk in memory, for a broker that is meant to forget at its end, and for tests. Never full, never slow, nothing to sync.
/// Names are guarded by one lock; the bytes of a file follow the rules of <see cref="ILogFile"/>.
/// </summary>
public sealed class MemoryFiles : ILogFiles
{
    readonly Lock _gate = new();
    readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/" };

    public string? BootId => null;

    public bool DirectoryExists(string path)
    {
        lock (_gate) return _directories.Contains(Full(path));
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            for (string? at = Full(path); at != null && _directories.Add(at);) at = Path.GetDirectoryName(at);
        }
    }

    public void RenameDirectory(string from, string to)
    {
        lock (_gate)
        {
            (from, to) = (Full(from), Full(to));
            if (!_directories.Contains(from)) throw new DirectoryNotFoundException(from);
            if (_directories.Contains(to)) throw new IOException($"{to} is already there.");
            foreach (string name in Below(_directories, from))
            {
                _directories.Remove(name);
                _directories.Add(string.Concat(to, name.AsSpan(from.Length)));
            }
            foreach (string name in Below(_files.Keys, from))
            {
                _files.Remove(name, out var file);
                if (file != null) _files[string.Concat(to, name.AsSpan(from.Length))] = file;
            }
        }
    }

    public void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            path = Full(path);
            foreach (string name in Below(_directories, path)) _directories.Remove(name);
            foreach (string name in Below(_files.Keys, path)) _files.Remove(name);
        }
    }

    public void SyncDirectory(string path)
    {
        // Nothing outlives the process anyway.
    }

    public IReadOnlyList<LogFileEntry> List(string directory)
    {
        lock (_gate)
        {
            directory = Full(directory);
            if (!_directories.Contains(directory)) throw new DirectoryNotFoundException(directory);
            var entries = new List<LogFileEntry>();
            foreach (var (name, file) in _files)
                if (Path.GetDirectoryName(name) == directory)
                    entries.Add(new LogFileEntry(Path.GetFileName(name), file.Length, false, 0));
            foreach (string name in _directories)
                if (Path.GetDirectoryName(name) == directory)
                    entries.Add(new LogFileEntry(Path.GetFileName(name), 0, true, 0));
            return entries;
        }
    }

    public bool FileExists(string path)
    {
        lock (_gate) return _files.ContainsKey(Full(path));
    }

    public ILogFile Open(string path)
    {
        lock (_gate) return _files.TryGetValue(Full(path), out var file) ? file : throw new FileNotFoundException(path, path);
    }

    public ILogFile Create(string path)
    {
        lock (_gate)
        {
            path = Full(path);
            if (!_directories.Contains(Path.GetDirectoryName(path) ?? "/")) throw new DirectoryNotFoundException(path);
            return _files[path] = new MemoryFile();
        }
    }

    public void DeleteFile(string path)
    {
        lock (_gate) _files.Remove(Full(path));
    }

    public void RenameFile(string from, string to)
    {
        lock (_gate)
        {
            if (!_files.Remove(Full(from), out var file)) throw new FileNotFoundException(from, from);
            _files[Full(to)] = file;
        }
    }

    public byte[]? ReadAll(string path)
    {
        MemoryFile? file;
        lock (_gate)
            if (!_files.TryGetValue(Full(path), out file)) return null;
        byte[] all = new byte[file.Length];
        file.Read(all, 0);
        return all;
    }

    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable)
    {
        var file = new MemoryFile();
        file.Write(content, 0);
        lock (_gate) _files[Full(path)] = file;
    }

    public long FreeSpace(string path) => long.MaxValue;

    static string Full(string path) => Path.GetFullPath(path);

    static List<string> Below(IEnumerable<string> names, string path) =>
        [.. names.Where(name => name == path || name.StartsWith(path + "/", StringComparison.Ordinal))];
}

/// <summary>Pages of 64 KiB; the table of pages is replaced when it grows or is cut, so readers never see it half made.</summary>
sealed class MemoryFile : ILogFile
{
    const int PageBits = 16;
    const int PageBytes = 1 << PageBits;

    byte[]?[] _pages = [];
    long _length;

    public long Length => Volatile.Read(ref _length);

    public SafeFileHandle? Handle => null;

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        long end = position + bytes.Length;
        Grow(end);
        while (bytes.Length > 0)
        {
            var page = (_pages[position >> PageBits] ?? []).AsSpan((int)(position & (PageBytes - 1)));
            int count = Math.Min(page.Length, bytes.Length);
            bytes[..count].CopyTo(page);
            bytes = bytes[count..];
            position += count;
        }
        if (end > _length) Volatile.Write(ref _length, end);
    }

    public void WriteGather(ReadOnlySpan<IoSlice> slices, long position)
    {
        foreach (var slice in slices)
        {
            Write(slice.Span, position);
            position += slice.Length;
        }
    }

    public int Read(Span<byte> buffer, long position)
    {
        // The table first: a cut in between only makes the length smaller.
        byte[]?[] pages = Volatile.Read(ref _pages);
        long held = Math.Min(Length, (long)pages.Length << PageBits);
        int total = (int)Math.Clamp(held - position, 0, buffer.Length);
        for (int done = 0; done < total;)
        {
            byte[]? whole = pages[(position + done) >> PageBits];
            if (whole == null) return done;
            var page = whole.AsSpan((int)((position + done) & (PageBytes - 1)));
            int count = Math.Min(page.Length, total - done);
            page[..count].CopyTo(buffer[done..]);
            done += count;
        }
        return total;
    }

    public int TryReadCached(Span<byte> buffer, long position) => Read(buffer, position);

    public void Preallocate(long upTo)
    {
        // Memory is taken when it is written.
    }

    public void Truncate(long length)
    {
        Volatile.Write(ref _length, length);
        int kept = (int)((length + PageBytes - 1) >> PageBits);
        if (kept >= _pages.Length) return;
        byte[]?[] pages = _pages.AsSpan(0, kept).ToArray();
        Volatile.Write(ref _pages, pages);
    }

    public void Flush()
    {
        // Nothing outlives the process anyway.
    }

    public void Dispose()
    {
        // The file lives as long as its name or a user of it.
    }

    void Grow(long end)
    {
        int needed = (int)((end + PageBytes - 1) >> PageBits);
        if (needed > _pages.Length)
        {
            byte[]?[] pages = new byte[]?[Math.Max(needed, _pages.Length * 2)];
            _pages.CopyTo(pages, 0);
            Volatile.Write(ref _pages, pages);
        }
        for (int i = needed - 1; i >= 0 && _pages[i] == null; i--) _pages[i] = new byte[PageBytes];
    }
}
