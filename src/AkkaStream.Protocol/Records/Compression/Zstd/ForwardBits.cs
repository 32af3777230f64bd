using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Writes a zstd bit stream: values go in lowest bit first and are read back from the last one, so whoever writes goes
/// through the symbols backwards. The caller sees to the room: eight bytes more than the stream can need.
/// </summary>
unsafe ref struct ForwardBits(byte* start)
{
    ulong _word;
    int _count;
    byte* _at = start;

    /// <summary>At most 57 bits between two flushes; the bits above <paramref name="bits"/> are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint value, int bits)
    {
        _word |= (ulong)value << _count;
        _count += bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddLow(uint value, int bits) => Add(value & ((1u << bits) - 1), bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        Unsafe.WriteUnaligned(_at, _word);
        _at += _count >> 3;
        _word >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>Adds the end mark and returns where the stream ends.</summary>
    public byte* Finish()
    {
        Add(1, 1);
        Flush();
        return _count > 0 ? _at + 1 : _at;
    }
}
