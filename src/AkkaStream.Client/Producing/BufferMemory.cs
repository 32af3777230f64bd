using System.Buffers;

namespace AkkaStream.Client.Producing;

/// <summary>
/// The memory of undelivered batches, bounded by buffer.memory. Arrays of the usual size are kept for the next batch. Any thread.
/// </summary>
sealed class BufferMemory
{
    readonly Lock _lock = new();
    readonly Stack<byte[]> _usual = new();
    readonly int _usualSize;
    long _free;

    public BufferMemory(long limit, int usualSize)
    {
        Limit = limit;
        _free = limit;
        _usualSize = (int)Math.Min(usualSize, limit);
    }

    public long Limit { get; }

    public long Free
    {
        get { lock (_lock) return _free; }
    }

    /// <summary>Null when there is not enough left.</summary>
    public byte[]? TryRent(int size)
    {
        size = Math.Max(size, _usualSize);
        lock (_lock)
        {
            if (_free < size) return null;
            _free -= size;
            if (size == _usualSize && _usual.TryPop(out var array)) return array;
        }
        return size == _usualSize ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);
    }

    /// <param name="array">What was rented.</param>
    /// <param name="size">What was asked for when it was rented.</param>
    public void Return(byte[] array, int size)
    {
        size = Math.Max(size, _usualSize);
        lock (_lock)
        {
            _free += size;
            if (size == _usualSize) _usual.Push(array);
        }
        if (size != _usualSize) ArrayPool<byte>.Shared.Return(array);
    }
}
