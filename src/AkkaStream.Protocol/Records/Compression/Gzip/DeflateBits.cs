using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Gzip;

/// <summary>
/// The bits of a deflate stream that have been read but not used, lowest first. Bits above <see cref="Count"/> may
/// already hold what the next refill brings; they are never taken for granted.
/// </summary>
unsafe struct DeflateBits
{
    ulong _bits;

    /// <summary>How many are there; below zero when more were taken than the source had.</summary>
    int _count;

    /// <summary>The next byte of the source to read.</summary>
    public int At;

    public readonly bool IsOverdrawn => _count < 0;

    /// <summary>Eight bytes must be readable. Leaves at least 56 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill(byte* source)
    {
        _bits |= Unsafe.ReadUnaligned<ulong>(source + At) << _count;
        At += (63 - _count) >> 3;
        _count |= 56;
    }

    /// <summary>Takes single bytes while there are any; what lies behind the end reads as zero.</summary>
    public void RefillCarefully(byte* source, int length)
    {
        // What a fast refill left above the count would be added to twice.
        _bits &= (1ul << _count) - 1;
        for (; _count < 56 && At < length; _count += 8) _bits |= (ulong)source[At++] << _count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Peek(int bits) => (uint)_bits & ((1u << bits) - 1);

    /// <summary>Takes what the low byte of a table's entry says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(uint entry)
    {
        _bits >>= (int)entry;
        _count -= (byte)entry;
    }

    /// <summary>Takes code and extra bits of a length or distance, and returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint TakeValue(uint entry)
    {
        ulong extra = (_bits & ((1ul << (int)entry) - 1)) >> (int)(entry >> 8);
        Drop(entry);
        return (nuint)((entry >> 16) + extra);
    }

    public bool TryTake(byte* source, int length, int bits, out uint value)
    {
        RefillCarefully(source, length);
        value = Peek(bits);
        Drop((uint)bits);
        return _count >= 0;
    }

    /// <summary>Drops the rest of the present byte and gives whole bytes back to the source.</summary>
    public void AlignToByte()
    {
        At -= _count >> 3;
        _bits = 0;
        _count = 0;
    }
}
