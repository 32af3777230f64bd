using AkkaStream.Log.Files;

namespace AkkaStream.Log.Indexes;

/// <summary>May a look-up wait for the disk? Network threads may not; they hand the work on when told that it would.</summary>
public enum ReadMode
{
    MayWait,
    CachedOnly,
}

enum IndexLookup
{
    Found,

    /// <summary>What is looked for lies before the first entry.</summary>
    None,
    WouldWait,
}

/// <summary>Says yes for a front part of the entries and no for the rest: what a binary search needs.</summary>
interface IIndexProbe
{
    bool Covers(ReadOnlySpan<byte> entry);
}

/// <summary>
/// Entries of one size, rising, in a file. The newest ones are kept in memory and written out a block at a time: a lost tail costs only a
/// longer check after a crash. One writer; readers on any thread see a consistent state, for a state is never changed, only added to
/// behind its count or replaced.
/// </summary>
sealed class IndexFile(SegmentFile file, int entryBytes, int entriesInFile, int blockEntries)
{
    const int SmallestTail = 4;
    const int PageBytes = 4096;

    State _state = new(entriesInFile, []);

    public SegmentFile File => file;

    public int Count
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return state.Written + Volatile.Read(ref state.Count);
        }
    }

    public void Append(ReadOnlySpan<byte> entry)
    {
        if (_state.Count >= blockEntries) TryWriteBlock();
        var state = _state;
        if (state.Count * entryBytes == state.Tail.Length) state = Grow(state);
        entry.CopyTo(state.Tail.AsSpan(state.Count * entryBytes));
        Volatile.Write(ref state.Count, state.Count + 1);
    }

    /// <summary>Writes what is only in memory. At roll, flush and close.</summary>
    public void WriteOut()
    {
        var state = _state;
        if (state.Count == 0) return;
        using (var lease = file.Lease())
            lease.File.Write(state.Tail.AsSpan(0, state.Count * entryBytes), (long)state.Written * entryBytes);
        Volatile.Write(ref _state, new State(state.Written + state.Count, []));
    }

    /// <summary>Keeps the first entries only; the file, too, forgets the others.</summary>
    public void Cut(int entries)
    {
        var state = _state;
        if (entries >= state.Written + state.Count) return;
        int written = Math.Min(entries, state.Written);

        // Also when only the tail is cut: a write that failed may have left bytes behind the last entry.
        using (var lease = file.Lease()) lease.File.Truncate((long)written * entryBytes);
        Volatile.Write(ref _state, new State(written, state.Tail.ToArray()) { Count = entries - written });
    }

    public bool TryRead(int index, Span<byte> entry, ReadMode mode)
    {
        var state = Volatile.Read(ref _state);
        if (index >= state.Written)
        {
            Tail(state, index - state.Written).CopyTo(entry);
            return true;
        }
        using var lease = file.Lease();
        return TryReadFile(lease.File, index, entry[..entryBytes], mode);
    }

    /// <summary>The last entry that the probe covers.</summary>
    public IndexLookup LastCovered<TProbe>(TProbe probe, ReadMode mode, Span<byte> entry, out int index)
        where TProbe : struct, IIndexProbe
    {
        var state = Volatile.Read(ref _state);
        int inTail = Volatile.Read(ref state.Count);
        if (inTail > 0 && probe.Covers(Tail(state, 0)))
        {
            int last = LastCovered(probe, state.Tail.AsSpan(0, inTail * entryBytes));
            Tail(state, last).CopyTo(entry);
            index = state.Written + last;
            return IndexLookup.Found;
        }
        return LastCoveredInFile(probe, state.Written, mode, entry, out index);
    }

    IndexLookup LastCoveredInFile<TProbe>(TProbe probe, int count, ReadMode mode, Span<byte> entry, out int index)
        where TProbe : struct, IIndexProbe
    {
        index = -1;
        if (count == 0) return IndexLookup.None;
        Span<byte> page = stackalloc byte[PageBytes];
        using var lease = file.Lease();
        // All before low are covered, none from high on is.
        int low = 0, high = count;
        int perPage = PageBytes / entryBytes;
        while (high - low > perPage)
        {
            int middle = low + (high - low) / 2;
            if (!TryReadFile(lease.File, middle, page[..entryBytes], mode)) return IndexLookup.WouldWait;
            if (probe.Covers(page[..entryBytes])) low = middle;
            else high = middle;
        }
        page = page[..((high - low) * entryBytes)];
        if (page.Length > 0 && !TryReadFile(lease.File, low, page, mode)) return IndexLookup.WouldWait;
        int last = page.Length > 0 && probe.Covers(page[..entryBytes]) ? LastCovered(probe, page) : -1;
        if (last < 0) return IndexLookup.None;
        page.Slice(last * entryBytes, entryBytes).CopyTo(entry);
        index = low + last;
        return IndexLookup.Found;
    }

    /// <summary>The first entry of the span is covered.</summary>
    int LastCovered<TProbe>(TProbe probe, ReadOnlySpan<byte> entries) where TProbe : struct, IIndexProbe
    {
        int low = 0, high = entries.Length / entryBytes;
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            if (probe.Covers(entries.Slice(middle * entryBytes, entryBytes))) low = middle;
            else high = middle;
        }
        return low;
    }

    bool TryReadFile(ILogFile open, int index, Span<byte> buffer, ReadMode mode)
    {
        long position = (long)index * entryBytes;
        int read = mode == ReadMode.CachedOnly ? open.TryReadCached(buffer, position) : open.Read(buffer, position);
        if (read == buffer.Length) return true;
        if (mode == ReadMode.CachedOnly) return false;
        throw new LogDamagedException(
            file.Path, position, $"the index ends before its entry {index}.", "Remove the index file: it is rebuilt from the log.");
    }

    ReadOnlySpan<byte> Tail(State state, int index) => state.Tail.AsSpan(index * entryBytes, entryBytes);

    State Grow(State state)
    {
        byte[] tail = new byte[Math.Max(SmallestTail * entryBytes, state.Tail.Length * 2)];
        state.Tail.CopyTo(tail, 0);
        var grown = new State(state.Written, tail) { Count = state.Count };
        Volatile.Write(ref _state, grown);
        return grown;
    }

    /// <summary>A disk that is full or failing must not stop appends for an index: the tail just stays in memory longer.</summary>
    void TryWriteBlock()
    {
        try
        {
            WriteOut();
        }
        catch (IOException)
        {
            // Tried again with the next entry, and without mercy at roll, flush and close.
        }
    }

    sealed class State(int written, byte[] tail)
    {
        public readonly int Written = written;
        public readonly byte[] Tail = tail;
        public int Count;
    }
}
