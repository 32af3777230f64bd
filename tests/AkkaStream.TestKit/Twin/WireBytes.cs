using System.Buffers.Binary;
using System.Text;

namespace AkkaStream.TestKit.Twin;

/// <summary>Bytes in the order in which they are put, for frames and batches that may be wrong on purpose.</summary>
sealed class WireBytes
{
    readonly MemoryStream _bytes = new();

    public int Length => (int)_bytes.Length;

    public byte[] ToArray() => _bytes.ToArray();

    public WireBytes Put(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public WireBytes Int8(long value)
    {
        _bytes.WriteByte((byte)value);
        return this;
    }

    public WireBytes Int16(long value) => Int8(value >> 8).Int8(value);

    public WireBytes Int32(long value) => Int16(value >> 16).Int16(value);

    public WireBytes Int64(long value) => Int32(value >> 32).Int32(value);

    public WireBytes Unsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Int8((long)(value | 0x80));
        return Int8((long)value);
    }

    /// <summary>Zigzag, as records write their numbers.</summary>
    public WireBytes Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A length in the records' form before the bytes; -1 for null.</summary>
    public WireBytes Counted(byte[]? bytes) => bytes is null ? Signed(-1) : Signed(bytes.Length).Put(bytes);
}

/// <summary>The bytes end before the field does, or a length cannot be true.</summary>
sealed class MalformedException(string message) : Exception(message);

/// <summary>Reads what a broker sent, without trusting it.</summary>
ref struct WireCursor(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length) throw new MalformedException("the answer ends too early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public sbyte Int8() => (sbyte)Take(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public int Unsigned()
    {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            int next = Int8();
            value |= (next & 0x7f) << shift;
            if (next >= 0) return value;
        }

        throw new MalformedException("a variable length number is longer than 5 bytes");
    }

    public long Signed()
    {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            int next = Int8();
            value |= (long)(next & 0x7f) << shift;
            if (next >= 0) break;
        }

        return (long)((ulong)value >> 1) ^ -(value & 1);
    }

    public byte[]? Counted()
    {
        int length = (int)Signed();
        return length < 0 ? null : Take(length).ToArray();
    }

    public static string Utf8(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
