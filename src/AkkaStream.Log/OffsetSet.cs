namespace AkkaStream.Log;

/// <summary>
/// A few offsets in rising order, in one array: a partition has one or two producer snapshots, and there are many thousand partitions. Not
/// thread-safe; who walks it while changing it walks a copy.
/// </summary>
sealed class OffsetSet
{
    long[] _offsets = [];

    public int Count { get; private set; }

    /// <summary>-1 when there is none.</summary>
    public long Max => Count == 0 ? -1 : _offsets[Count - 1];

    public bool Contains(long offset) => Find(offset) >= 0;

    public void Add(long offset)
    {
        int at = Find(offset);
        if (at >= 0) return;
        if (Count == _offsets.Length) Array.Resize(ref _offsets, Math.Max(2, Count * 2));
        Array.Copy(_offsets, ~at, _offsets, ~at + 1, Count - ~at);
        _offsets[~at] = offset;
        Count++;
    }

    public void Remove(long offset)
    {
        int at = Find(offset);
        if (at < 0) return;
        Count--;
        Array.Copy(_offsets, at + 1, _offsets, at, Count - at);
    }

    public long[] ToArray() => _offsets.AsSpan(0, Count).ToArray();

    /// <summary>Those behind the offset.</summary>
    public long[] Above(long offset)
    {
        int at = Find(offset);
        return _offsets.AsSpan(0, Count)[(at >= 0 ? at + 1 : ~at)..].ToArray();
    }

    /// <summary>The offset itself and those before it.</summary>
    public long[] UpTo(long offset)
    {
        int at = Find(offset);
        return _offsets.AsSpan(0, at >= 0 ? at + 1 : ~at).ToArray();
    }

    int Find(long offset) => Array.BinarySearch(_offsets, 0, Count, offset);
}
