using System.Buffers;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Tests.Compression;

/// <summary>
/// Memory between two pages that nobody may touch: a byte read or written before or behind it ends the process. Where
/// there is no mmap it is plain memory, and only canaries are left.
/// </summary>
sealed unsafe partial class GuardedMemory : IDisposable
{
    const int PageLength = 4096;

    readonly nint _map;
    readonly nuint _mapLength;
    readonly byte* _start;
    readonly int _capacity;

    public GuardedMemory(int capacity)
    {
        _capacity = (capacity + PageLength - 1) / PageLength * PageLength + PageLength;
        _mapLength = (nuint)(_capacity + 2 * PageLength);
        if (OperatingSystem.IsLinux())
        {
            const int ReadWrite = 3;
            const int PrivateAnonymous = 0x22;
            _map = mmap(0, _mapLength, ReadWrite, PrivateAnonymous, -1, 0);
            Assert.NotEqual(-1, _map);
            Assert.Equal(0, mprotect(_map, PageLength, 0));
            Assert.Equal(0, mprotect(_map + PageLength + _capacity, PageLength, 0));
        }
        else
        {
            _map = (nint)NativeMemory.AlignedAlloc(_mapLength, PageLength);
        }
        _start = (byte*)_map + PageLength;
    }

    /// <summary>The last bytes before the guard.</summary>
    public Span<byte> AtEnd(int length) => new(EndPointer(length), length);

    /// <summary>The first bytes behind the other guard.</summary>
    public Span<byte> AtStart(int length)
    {
        Assert.InRange(length, 0, _capacity);
        return new(_start, length);
    }

    public byte* EndPointer(int length)
    {
        Assert.InRange(length, 0, _capacity);
        return _start + _capacity - length;
    }

    public ReadOnlySpan<byte> CopyToEnd(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(AtEnd(bytes.Length));
        return AtEnd(bytes.Length);
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux()) munmap(_map, _mapLength);
        else NativeMemory.AlignedFree((void*)_map);
    }

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);
}

/// <summary>Hands out exactly the room it is asked for, with a guard behind it.</summary>
sealed class GuardedWriter(GuardedMemory memory) : IBufferWriter<byte>
{
    readonly ArrayBufferWriter<byte> _written = new();
    int _room;

    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    public void Advance(int count)
    {
        Assert.InRange(count, 0, _room);
        _written.Write(memory.AtEnd(_room)[..count]);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        _room = Math.Max(sizeHint, 1);
        return memory.AtEnd(_room);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();
}
