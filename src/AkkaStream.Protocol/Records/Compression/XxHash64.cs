using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Records.Compression;

/// <summary>XXH64 with seed 0, the content checksum of zstd frames, in pieces or at once. Pure.</summary>
struct XxHash64
{
    const ulong Prime1 = 11400714785074694791;
    const ulong Prime2 = 14029467366897019727;
    const ulong Prime3 = 1609587929392839161;
    const ulong Prime4 = 9650029242287828579;
    const ulong Prime5 = 2870177450012600261;
    const int Stripe = 32;

    ulong _a;
    ulong _b;
    ulong _c;
    ulong _d;
    ulong _length;
    Pending _pending;

    [InlineArray(Stripe)]
    struct Pending
    {
        byte _first;
    }

    public XxHash64()
    {
        unchecked
        {
            _a = Prime1 + Prime2;
            _b = Prime2;
            _c = 0;
            _d = 0ul - Prime1;
        }
    }

    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        var hash = new XxHash64();
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
    public readonly ulong Finish()
    {
        ulong hash = _length >= Stripe ? Join() : Prime5;
        hash += _length;
        ReadOnlySpan<byte> tail = _pending[..(int)(_length % Stripe)];
        for (; tail.Length >= 8; tail = tail[8..])
        {
            ulong word = Round(0, MemoryMarshal.Read<ulong>(tail));
            hash = BitOperations.RotateLeft(hash ^ word, 27) * Prime1 + Prime4;
        }
        if (tail.Length >= 4)
        {
            ulong word = MemoryMarshal.Read<uint>(tail) * Prime1;
            hash = BitOperations.RotateLeft(hash ^ word, 23) * Prime2 + Prime3;
            tail = tail[4..];
        }
        foreach (byte one in tail) hash = BitOperations.RotateLeft(hash ^ (one * Prime5), 11) * Prime1;
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    readonly ulong Join()
    {
        ulong hash = BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7)
            + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18);
        foreach (ulong lane in (ReadOnlySpan<ulong>)[_a, _b, _c, _d])
        {
            hash = (hash ^ Round(0, lane)) * Prime1 + Prime4;
        }
        return hash;
    }

    void Mix(ReadOnlySpan<byte> stripes)
    {
        ulong a = _a;
        ulong b = _b;
        ulong c = _c;
        ulong d = _d;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(stripes);
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
    static ulong Round(ulong lane, ulong word) => BitOperations.RotateLeft(lane + word * Prime2, 31) * Prime1;
}
