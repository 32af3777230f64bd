namespace AkkaStream.Protocol.Records.Compression;

/// <summary>
/// Keeps at most a fixed number of idle objects, without locks; what does not fit is dropped. Any thread.
/// </summary>
sealed class BoundedPool<T>(int capacity)
    where T : class
{
    readonly T?[] _idle = new T?[capacity];

    /// <summary>An idle object, or null when the caller must make one.</summary>
    public T? TryTake()
    {
        foreach (ref T? slot in _idle.AsSpan())
        {
            // The plain look first: an exchange on an empty slot would move its cache line for nothing.
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } taken) return taken;
        }
        return null;
    }

    /// <summary>False when the pool is full and the object is the caller's to dispose of.</summary>
    public bool TryReturn(T item)
    {
        foreach (ref T? slot in _idle.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, item, null) is null) return true;
        }
        return false;
    }
}
