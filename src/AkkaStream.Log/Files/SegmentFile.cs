namespace AkkaStream.Log.Files;

/// <summary>
/// One file of a segment by name, open or not. Everybody who touches its bytes holds a <see cref="FileLease"/>; retention may rename or
/// doom it meanwhile, and the handle closes with the last lease.
/// </summary>
/// <remarks>
/// _state counts: 0 = closed, 1 = open and unused, n + 1 = open with n leases. From 0 only the lock leads up; every other step is a
/// compare-and-swap, so that taking a lease on an open file costs one of those and nothing else.
/// </remarks>
public sealed class SegmentFile(SegmentFiles owner, string path)
{
    readonly Lock _gate = new();
    ILogFile? _file;
    int _state;
    bool _usedLately;
    bool _doomed;

    public string Path { get; private set; } = path;

    internal int Slot { get; set; } = -1;

    /// <summary>Opens the file when it is not. Throws <see cref="FileNotFoundException"/> when it is gone.</summary>
    public FileLease Lease() =>
        TryLease(out var lease) ? lease : throw new FileNotFoundException($"{Path} was deleted.", Path);

    /// <summary>False when the file was deleted: the caller takes a newer view of the log.</summary>
    public bool TryLease(out FileLease lease)
    {
        int state = Volatile.Read(ref _state);
        while (state > 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                if (!_usedLately) _usedLately = true;
                lease = new FileLease(this, _file);
                return true;
            }
            state = seen;
        }
        return TryOpen(out lease);
    }

    /// <summary>Makes the file anew, empty; there must be no leases.</summary>
    internal FileLease Create()
    {
        lock (_gate)
        {
            Bug.Assert(_state == 0 && !_doomed);
            return Publish(owner.Disk.Create(Path));
        }
    }

    /// <summary>Is this all that is in it? Waits for the disk.</summary>
    internal bool Holds(ReadOnlySpan<byte> content) => owner.Disk.ReadAll(Path) is { } found && content.SequenceEqual(found);

    /// <summary>New content, durable when it returns; there must be no leases.</summary>
    internal void Replace(ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            CloseIfUnused();
            Bug.Assert(_state == 0 && !_doomed);
            owner.Disk.WriteAtomically(Path, content, durable: true);
        }
    }

    internal void Rename(string to)
    {
        lock (_gate)
        {
            owner.Disk.RenameFile(Path, to);
            Path = to;
        }
    }

    /// <summary>The partition's directory got another name.</summary>
    internal void Moved(string to)
    {
        lock (_gate) Path = to;
    }

    /// <summary>No new leases, closed with the last one. Safe to call twice.</summary>
    internal void Doom()
    {
        lock (_gate)
        {
            if (_doomed) return;
            _doomed = true;
            if (_state > 0) Release();
        }
    }

    /// <summary>Closes it now when nobody uses it; it opens again when needed.</summary>
    internal void CloseIfUnused()
    {
        if (Interlocked.CompareExchange(ref _state, 0, 1) != 1) return;
        Close();
    }

    /// <summary>Called under the owner's lock.</summary>
    internal bool TryEvict()
    {
        if (_usedLately)
        {
            _usedLately = false;
            return false;
        }
        if (Interlocked.CompareExchange(ref _state, 0, 1) != 1) return false;
        Interlocked.Exchange(ref _file, null)?.Dispose();
        return true;
    }

    internal void Release()
    {
        if (Interlocked.Decrement(ref _state) == 0) Close();
    }

    bool TryOpen(out FileLease lease)
    {
        lock (_gate)
        {
            lease = default;
            if (_doomed) return false;
            int state = Volatile.Read(ref _state);
            while (state > 0) // another thread opened it while we came for the lock
            {
                int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
                if (seen == state)
                {
                    lease = new FileLease(this, _file);
                    return true;
                }
                state = seen;
            }
            lease = Publish(owner.Disk.Open(Path));
            return true;
        }
    }

    FileLease Publish(ILogFile file)
    {
        // Whoever takes the count from 1 to 0 also takes the file out of the field, so it is empty here or about to be.
        while (Interlocked.CompareExchange(ref _file, file, null) != null) Thread.Yield();
        owner.Opened(this);
        _usedLately = true;
        Volatile.Write(ref _state, 2);
        return new FileLease(this, file);
    }

    void Close()
    {
        owner.Closed(this);
        Interlocked.Exchange(ref _file, null)?.Dispose();
    }
}

/// <summary>The right to use an open file until disposed. Dispose exactly once.</summary>
public readonly struct FileLease(SegmentFile owner, ILogFile? file) : IDisposable
{
    /// <summary>The open file; not to be kept beyond the lease.</summary>
    public ILogFile File => file ?? throw new InvalidOperationException("This lease was never taken.");

    public void Dispose() => owner?.Release();
}
