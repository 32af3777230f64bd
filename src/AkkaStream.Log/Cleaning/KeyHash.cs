using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Log.Cleaning;

/// <summary>128 bits that stand for a key.</summary>
readonly record struct HashedKey(ulong Low, ulong High);

/// <summary>
/// SipHash-2-4 with 128 bits under a secret of this process. Two keys with one hash would be one key to compaction, and the older record
/// would go; by chance that never happens, and without the secret nobody can make it happen. Pure.
/// </summary>
public readonly record struct KeyHash(ulong SecretLow, ulong SecretHigh)
{
    internal HashedKey Of(ReadOnlySpan<byte> key)
    {
        var state = new State(SecretLow, SecretHigh);
        var rest = key;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..]) state.Mix(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        ulong last = (ulong)key.Length << 56;
        for (int i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        state.Mix(last);
        return state.Finish();
    }

    struct State(ulong low, ulong high)
    {
        ulong _v0 = low ^ 0x736f6d6570736575;
        ulong _v1 = high ^ 0x646f72616e646f6d ^ 0xee;
        ulong _v2 = low ^ 0x6c7967656e657261;
        ulong _v3 = high ^ 0x7465646279746573;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Mix(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public HashedKey Finish()
        {
            _v2 ^= 0xee;
            for (int i = 0; i < 4; i++) Round();
            ulong low = _v0 ^ _v1 ^ _v2 ^ _v3;
            _v1 ^= 0xdd;
            for (int i = 0; i < 4; i++) Round();
            return new HashedKey(low, _v0 ^ _v1 ^ _v2 ^ _v3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
