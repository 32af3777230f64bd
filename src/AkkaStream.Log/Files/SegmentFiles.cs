namespace AkkaStream.Log.Files;

/// <summary>
/// The open files of one log directory, bounded in number: ten thousand partitions have tens of thousands of files and a process
/// has not. A file opens at its first lease and is closed when it has not been used lately and others want its place;
/// a file that somebody holds a lease on is never closed, so the bound gives way rather than a reader. Used by writers,
/// readers and flushes on any thread; opening and closing take a lock, a lease on an open file does not.
/// </summary>
public sealed class SegmentFiles(ILogFiles files, int capacity = 4096)
{
    readonly Lock _gate = new();
    readonly List<SegmentFile> _open = [];
    int _hand;

    public ILogFiles Disk => files;

    public int OpenCount
    {
        get { lock (_gate) return _open.Count; }
    }

    internal void Opened(SegmentFile file)
    {
        lock (_gate)
        {
            if (_open.Count >= capacity) MakeRoom();
            file.Slot = _open.Count;
            _open.Add(file);
        }
    }

    internal void Closed(SegmentFile file)
    {
        lock (_gate) Remove(file);
    }

    /// <summary>One round of the clock: those used since the last round get a second chance.</summary>
    void MakeRoom()
    {
        for (int looked = 2 * _open.Count; looked > 0 && _open.Count >= capacity; looked--)
        {
            if (_hand >= _open.Count) _hand = 0;
            var candidate = _open[_hand];
            if (candidate.TryEvict()) Remove(candidate);
            else _hand++;
        }
    }

    void Remove(SegmentFile file)
    {
        if (file.Slot < 0) return;
        var last = _open[^1];
        _open[file.Slot] = last;
        last.Slot = file.Slot;
        _open.RemoveAt(_open.Count - 1);
        file.Slot = -1;
    }
}
