using System.Numerics;
using System.Runtime.InteropServices;

namespace AkkaStream.Net;

/// <summary>
/// Native memory by powers of two, last in first out so that what comes back is still in the processor's cache. What is
/// kept unused is bounded for each size; anything above goes back to the system at once.
/// </summary>
public sealed unsafe class BufferPool
{
    public const int SmallestBits = 9, LargestBits = 23;
    const int LargestPooled = 1 << LargestBits;

    readonly SizeClass[] _classes = new SizeClass[LargestBits - SmallestBits + 1];
    readonly long _limit;
    long _outstanding;
    volatile Action? _roomAgain;

    /// <param name="limit">What receiving may take in all; see <see cref="HasRoomFor"/>.</param>
    /// <param name="keptBytesPerSize">What may lie unused, for each size.</param>
    public BufferPool(long limit = long.MaxValue, long keptBytesPerSize = 8 << 20)
    {
        _limit = limit;
        for (int i = 0; i < _classes.Length; i++)
            _classes[i] = new SizeClass { KeptMax = (int)Math.Max(2, keptBytesPerSize >> (i + SmallestBits)) };
    }

    /// <summary>Bytes that are in somebody's hands; tests expect zero when a broker has stopped.</summary>
    public long OutstandingBytes => Volatile.Read(ref _outstanding);

    /// <summary>
    /// Whether a request that is being received may take this much more. Replies are not asked: they free memory by
    /// leaving. Who is refused waits until <see cref="RoomAgain"/> and asks again.
    /// </summary>
    public bool HasRoomFor(int bytes) => Volatile.Read(ref _outstanding) + bytes <= _limit;

    /// <summary>Called, on any thread, when memory came back after somebody was refused.</summary>
    public event Action RoomAgain
    {
        add { lock (_classes) _roomAgain += value; }
        remove { lock (_classes) _roomAgain -= value; }
    }

    public NativeBuffer Rent(int atLeast)
    {
        if (atLeast > LargestPooled)
        {
            Interlocked.Add(ref _outstanding, atLeast);
            return new NativeBuffer(this, (byte*)NativeMemory.Alloc((nuint)atLeast), atLeast);
        }
        int index = ClassOf(atLeast), capacity = 1 << (index + SmallestBits);
        Interlocked.Add(ref _outstanding, capacity);
        if (_classes[index].TryPop(out var buffer)) return buffer;
        return new NativeBuffer(this, (byte*)NativeMemory.Alloc((nuint)capacity), capacity);
    }

    /// <summary>The caller must be the only holder.</summary>
    public void Grow(NativeBuffer buffer, int atLeast)
    {
        int capacity = atLeast > LargestPooled ? atLeast : 1 << (ClassOf(atLeast) + SmallestBits);
        Interlocked.Add(ref _outstanding, capacity - buffer.Capacity);
        buffer.Grow(capacity);
    }

    internal void Return(NativeBuffer buffer)
    {
        Interlocked.Add(ref _outstanding, -buffer.Capacity);
        bool pooled = buffer.Capacity <= LargestPooled && BitOperations.IsPow2(buffer.Capacity);
        if (!pooled || !_classes[ClassOf(buffer.Capacity)].TryPush(buffer)) buffer.Free();
        _roomAgain?.Invoke();
    }

    /// <summary>Gives back to the system what lies unused; called when nothing has happened for a while.</summary>
    public void Trim()
    {
        foreach (var size in _classes)
            while (size.TryPop(out var buffer)) buffer.Free();
    }

    static int ClassOf(int size) =>
        Math.Max(0, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(size, 1) - 1) - SmallestBits);

    sealed class SizeClass
    {
        readonly Lock _lock = new();
        NativeBuffer? _top;
        int _kept;

        public int KeptMax { get; init; }

        public bool TryPop(out NativeBuffer buffer)
        {
            lock (_lock)
            {
                buffer = _top!;
                if (_top is null) return false;
                _top = buffer.Next;
                _kept--;
            }
            buffer.Next = null;
            buffer.Revive();
            return true;
        }

        public bool TryPush(NativeBuffer buffer)
        {
            lock (_lock)
            {
                if (_kept >= KeptMax) return false;
                buffer.Next = _top;
                _top = buffer;
                _kept++;
                return true;
            }
        }
    }
}
