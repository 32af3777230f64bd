using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log.Recovery;

/// <summary>What the listing says of one segment. Sizes are -1 where there is no such file.</summary>
sealed class SegmentEntry(long baseOffset)
{
    public long BaseOffset { get; } = baseOffset;
    public long LogBytes { get; set; } = -1;
    public long OffsetIndexBytes { get; set; } = -1;
    public long TimeIndexBytes { get; set; } = -1;
    public long TransactionIndexBytes { get; set; } = -1;
    public long LastWriteMs { get; set; }

    public bool HasIndexes => OffsetIndexBytes >= 0 && TimeIndexBytes >= 0;

    public SegmentSizes Sizes => new(
        (int)LogBytes,
        (int)(Math.Max(OffsetIndexBytes, 0) / OffsetIndex.EntryBytes),
        (int)(Math.Max(TimeIndexBytes, 0) / TimeIndex.EntryBytes),
        TransactionIndexBytes < 0 ? -1 : (int)(TransactionIndexBytes / TransactionIndex.EntryBytes));
}

/// <summary>
/// A partition's directory, listed once and put in order: deletions, compactions and atomic writes that a crash interrupted are finished or
/// undone here, as Kafka does it, before anybody looks at a segment.
/// </summary>
sealed class LogFolder
{
    readonly ILogFiles _disk;
    readonly List<SegmentEntry> _segments = [];
    readonly List<(string Name, long BaseOffset)> _swaps = [];
    readonly List<string> _marks = [];
    long _lowestCleaned = long.MaxValue;

    LogFolder(ILogFiles disk, string path)
    {
        _disk = disk;
        FolderPath = path;
    }

    public string FolderPath { get; }
    public IReadOnlyCollection<SegmentEntry> Segments => _segments;

    /// <summary>Offsets of producer snapshots, rising.</summary>
    public OffsetSet Snapshots { get; } = new();

    /// <summary>One of our own files, whose names begin with a dot.</summary>
    public bool Has(string mark) => _marks.Contains(mark);

    public static LogFolder Load(ILogFiles disk, string path)
    {
        var folder = new LogFolder(disk, path);
        folder.Sort();
        if (folder._swaps.Count > 0) folder.FinishCompactions();
        folder.DropOrphans();
        folder._segments.Sort((a, b) => a.BaseOffset.CompareTo(b.BaseOffset));
        return folder;
    }

    void Sort()
    {
        // By name the files of one segment follow each other.
        List<LogFileEntry> files = [.. _disk.List(FolderPath)];
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var file in files)
        {
            if (file.IsDirectory) continue;
            var kind = LogFileName.Parse(file.Name, out long baseOffset);
            switch (kind)
            {
                case LogFileKind.Deleted or LogFileKind.Temporary:
                    Delete(file.Name);
                    break;
                case LogFileKind.Cleaned:
                    if (baseOffset >= 0) _lowestCleaned = Math.Min(_lowestCleaned, baseOffset);
                    Delete(file.Name);
                    break;
                case LogFileKind.Swap:
                    _swaps.Add((file.Name, baseOffset));
                    break;
                case LogFileKind.ProducerSnapshot:
                    Snapshots.Add(baseOffset);
                    break;
                case LogFileKind.Other:
                    if (file.Name[0] == '.') _marks.Add(file.Name);
                    break;
                default:
                    Note(_segments.Count > 0 && _segments[^1].BaseOffset == baseOffset ? _segments[^1] : Add(baseOffset),
                        kind, file.Length, file.LastWriteMs);
                    break;
            }
        }
    }

    SegmentEntry Add(long baseOffset)
    {
        var entry = new SegmentEntry(baseOffset);
        _segments.Add(entry);
        return entry;
    }

    void Note(SegmentEntry entry, LogFileKind kind, long length, long lastWriteMs)
    {
        if (length > int.MaxValue && kind == LogFileKind.Log)
            throw new LogDamagedException(
                Path.Combine(FolderPath, LogFileName.Of(entry.BaseOffset, LogFileName.Log)), int.MaxValue,
                $"the segment has {length} bytes, more than any segment may have.", "Let the replica be copied anew from another broker.");
        if (kind == LogFileKind.Log) entry.LastWriteMs = lastWriteMs;
        switch (kind)
        {
            case LogFileKind.Log: entry.LogBytes = length; break;
            case LogFileKind.OffsetIndex: entry.OffsetIndexBytes = length; break;
            case LogFileKind.TimeIndex: entry.TimeIndexBytes = length; break;
            case LogFileKind.TransactionIndex: entry.TransactionIndexBytes = length; break;
        }
    }

    /// <summary>
    /// Compaction writes `.cleaned` files, renames them all to `.swap` from the last to the first, deletes what they replace, and renames them
    /// to their real names. So a swap file at or above a cleaned one belongs to a set that was not complete, and goes; the others
    /// are complete, and win over every segment in their range.
    /// </summary>
    void FinishCompactions()
    {
        foreach (var (name, baseOffset) in _swaps)
            if (baseOffset >= _lowestCleaned) Delete(name);
        _swaps.RemoveAll(swap => swap.BaseOffset >= _lowestCleaned);
        long from = long.MaxValue, upTo = long.MinValue;
        foreach (var (name, baseOffset) in _swaps)
        {
            if (!name.EndsWith(LogFileName.Log + LogFileName.Swap, StringComparison.Ordinal)) continue;
            from = Math.Min(from, baseOffset);
            upTo = Math.Max(upTo, EndOf(name, baseOffset));
        }
        foreach (var replaced in _segments.FindAll(entry => entry.BaseOffset >= from && entry.BaseOffset < upTo))
        {
            foreach (string suffix in new[] { LogFileName.Log, LogFileName.OffsetIndex, LogFileName.TimeIndex, LogFileName.TransactionIndex })
                Delete(LogFileName.Of(replaced.BaseOffset, suffix));
            _segments.Remove(replaced);
        }
        foreach (var (name, baseOffset) in _swaps)
        {
            string real = name[..^LogFileName.Swap.Length];
            _disk.RenameFile(Path.Combine(FolderPath, name), Path.Combine(FolderPath, real));
            var kind = LogFileName.Parse(real, out _);
            using var file = _disk.Open(Path.Combine(FolderPath, real));
            Note(_segments.Find(entry => entry.BaseOffset == baseOffset) ?? Add(baseOffset), kind, file.Length, 0);
        }
    }

    /// <summary>The offset behind the last batch of a swap file; its base when it has none.</summary>
    long EndOf(string name, long baseOffset)
    {
        using var file = _disk.Open(Path.Combine(FolderPath, name));
        Span<byte> buffer = stackalloc byte[4096];
        var scanner = new BatchScanner(file, 0, (int)file.Length, buffer);
        long end = baseOffset;
        while (scanner.Next(out var header) == ScanResult.Batch) end = header.NextOffset;
        return Math.Max(end, baseOffset + 1);
    }

    /// <summary>Indexes whose log is gone tell nothing.</summary>
    void DropOrphans()
    {
        foreach (var entry in _segments.FindAll(entry => entry.LogBytes < 0))
        {
            foreach (string suffix in new[] { LogFileName.OffsetIndex, LogFileName.TimeIndex, LogFileName.TransactionIndex })
                Delete(LogFileName.Of(entry.BaseOffset, suffix));
            _segments.Remove(entry);
        }
    }

    void Delete(string name) => _disk.DeleteFile(Path.Combine(FolderPath, name));
}
