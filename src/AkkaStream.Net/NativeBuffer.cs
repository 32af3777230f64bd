using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AkkaStream.Net;

/// <summary>
/// A piece of pooled native memory with a count of holders. Frames and replies live in it: it never moves, so system
/// calls take it as it is, and the collector never sees the bytes. The last <see cref="Release"/> gives it back.
/// </summary>
public sealed unsafe class NativeBuffer
{
    readonly BufferPool _pool;
    int _holders = 1;

    internal NativeBuffer(BufferPool pool, byte* pointer, int capacity)
    {
        _pool = pool;
        Pointer = pointer;
        Capacity = capacity;
    }

    public byte* Pointer { get; private set; }
    public int Capacity { get; private set; }
    public Span<byte> Span => new(Pointer, Capacity);
    public bool IsShared => Volatile.Read(ref _holders) > 1;

    /// <summary>The next one in the pool's stack while this one is unused.</summary>
    internal NativeBuffer? Next;

    public void Retain()
    {
        int holders = Interlocked.Increment(ref _holders);
        Debug.Assert(holders > 1, "a buffer was retained after its last release");
    }

    public void Release()
    {
        int holders = Interlocked.Decrement(ref _holders);
        Debug.Assert(holders >= 0, "a buffer was released more often than retained");
        if (holders == 0) _pool.Return(this);
    }

    internal void Revive() => _holders = 1;

    /// <summary>
    /// Makes it larger and keeps what is in it. The kernel moves pages instead of copying, so a frame of 90 MB that
    /// arrives bit by bit costs no copy and takes no more memory than has arrived.
    /// </summary>
    internal void Grow(int capacity)
    {
        Pointer = (byte*)NativeMemory.Realloc(Pointer, (nuint)capacity);
        Capacity = capacity;
    }

    internal void Free()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
        Capacity = 0;
    }
}
