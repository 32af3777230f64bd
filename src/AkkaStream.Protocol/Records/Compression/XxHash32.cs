using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>XXH32 with seed 0, the checksum of lz4 frames, in pieces or at once. Pure.</summary>
struct XxHash32
{
    const uint Prime1 = 2654435761;
    const uint Prime2 = 2246822519;
    const uint Prime3 = 3266489917;
    const uint Prime4 = 668265263;
    const uint Prime5 = 374761393;
    const int Stripe = 16;

    uint _a;
    uint _b;
    uint _c;
    uint _d;
    ulong _length;
    Pending _pending;

    [InlineArray(Stripe)]
    struct Pending
    {
        byte _first;
    }

    public XxHash32()
    {
        unchecked
        {
            _a = Prime1 + Prime2;
            _b = Prime2;
            _c = 0;
            _d = 0u - Prime1;
        }
    }

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var hash = new XxHash32();
        hash.Append(bytes);
        return hash.Finish();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        int pending = (int)(_length % Stripe);
        _length += (ulong)bytes.Length;
        if (pending > 0)
        {
            int taken = Math.Min(Stripe - pending, bytes.Length);
            bytes[..taken].CopyTo(_pending[pending..]);
            bytes = bytes[taken..];
            if (pending + taken < Stripe) return;
            Mix(_pending);
        }
        int whole = bytes.Length & ~(Stripe - 1);
        Mix(bytes[..whole]);
        bytes[whole..].CopyTo(_pending);
    }

    /// <summary>The checksum of everything so far; more may still be appended.</summary>
    public readonly uint Finish()
    {
        uint hash = _length >= Stripe
            ? BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7)
                + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18)
            : Prime5;
        hash += (uint)_length;
        ReadOnlySpan<byte> tail = _pending[..(int)(_length % Stripe)];
        for (; tail.Length >= 4; tail = tail[4..])
        {
            hash = BitOperations.RotateLeft(hash + MemoryMarshal.Read<uint>(tail) * Prime3, 17) * Prime4;
        }
        foreach (byte one in tail) hash = BitOperations.RotateLeft(hash + one * Prime5, 11) * Prime1;
        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    void Mix(ReadOnlySpan<byte> stripes)
    {
        uint a = _a;
        uint b = _b;
        uint c = _c;
        uint d = _d;
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(stripes);
        for (int i = 0; i + 3 < words.Length; i += 4)
        {
            a = Round(a, words[i]);
            b = Round(b, words[i + 1]);
            c = Round(c, words[i + 2]);
            d = Round(d, words[i + 3]);
        }
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Round(uint lane, uint word) => BitOperations.RotateLeft(lane + word * Prime2, 13) * Prime1;
}
