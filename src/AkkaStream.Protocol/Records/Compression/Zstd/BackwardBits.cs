using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Protocol.Records.Compression.Zstd;

/// <summary>
/// Reads a zstd bit stream, which is written forwards and read from its last bit backwards. A word is loaded from
/// <see cref="At"/>; its highest bits come first. Reading on behind the start gives zeros or nonsense, never foreign
/// memory, and shows in <see cref="IsOverdrawn"/>.
/// </summary>
unsafe struct BackwardBits
{
    const int WordBits = 64;

    /// <summary>What can be taken after a refill, unless the stream is nearly empty.</summary>
    public const int Refilled = 57;

    public byte* Start;
    public byte* At;

    /// <summary>How many of the word's highest bits are used.</summary>
    public int Used;

    ulong _word;

    /// <summary>False when there is no end mark: the highest set bit of the last byte.</summary>
    public bool TryBegin(byte* start, int length)
    {
        Start = start;
        At = start;
        if (length <= 0 || start[length - 1] == 0) return false;
        Used = WordBits - 8 * Math.Min(length, 8) + 8 - BitOperations.Log2(start[length - 1]);
        if (length >= 8)
        {
            At = start + length - 8;
            _word = Unsafe.ReadUnaligned<ulong>(At);
            return true;
        }
        _word = 0;
        for (int i = 0; i < length; i++) _word |= (ulong)start[i] << (8 * i);
        return true;
    }

    /// <summary>More was taken than there was.</summary>
    public readonly bool IsOverdrawn => Used > WordBits;

    /// <summary>Every bit has been taken, and not one more.</summary>
    public readonly bool IsAtEnd => At == Start && Used == WordBits;

    /// <summary>At least so many bytes lie before the present word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool HasBefore(int bytes) => At - Start >= bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        if (HasBefore(8)) RefillFast();
        else RefillCarefully();
    }

    /// <summary>Eight bytes must lie before the present word, and nothing may be overdrawn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RefillFast()
    {
        At -= Used >> 3;
        Used &= 7;
        _word = Unsafe.ReadUnaligned<ulong>(At);
    }

    /// <summary>Goes on from where another reader of the same stream has stopped.</summary>
    public void Reload(byte* at, int used)
    {
        At = at;
        Used = used;
        _word = Unsafe.ReadUnaligned<ulong>(at);
    }

    public void RefillCarefully()
    {
        int bytes = (int)Math.Min(Used >> 3, At - Start);
        if (bytes == 0) return;
        At -= bytes;
        Used -= 8 * bytes;
        _word = Unsafe.ReadUnaligned<ulong>(At);
    }

    /// <summary><paramref name="bits"/> may be 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take(int bits)
    {
        uint value = (uint)(((_word << Used) >> 1) >> (63 - bits));
        Used += bits;
        return value;
    }

    /// <summary>Between 1 and 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Peek(int bits) => (uint)((_word << Used) >> (WordBits - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int bits) => Used += bits;
}
