using System.Buffers.Binary;
using System.Text;

namespace AkkaStream.Protocol.Wire;

/// <summary>
/// Reads a message from bytes that a stranger sent. Every length and count is checked against what is left before
/// anything is allocated, so that no field can cost more memory than a small multiple of the bytes behind it; nesting
/// is as deep as the description says and no deeper. Over memory, byte fields are slices of it and live as long as it
/// does; over a span they are copies. All failures are <see cref="WireFormatException"/>.
/// </summary>
/// <remarks>
/// Read methods take the field's name for the error text only. <c>compact</c> is true in flexible versions: lengths are
/// then unsigned varints of length + 1, 0 for null, instead of int16 or int32 with -1 for null.
/// </remarks>
public ref partial struct WireReader
{
    /// <summary>Kafka refuses larger arrays since 4.4; no client sends them.</summary>
    public const int MaxArrayElements = 1_000_000;
    public const int MaxTaggedFields = 10_000;

    readonly ReadOnlyMemory<byte> _memory;
    readonly int _length;
    readonly bool _slices;
    ReadOnlySpan<byte> _rest;
    string _message = "";
    short _version;

    public WireReader(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        _length = bytes.Length;
    }

    public WireReader(ReadOnlyMemory<byte> bytes)
    {
        _memory = bytes;
        _slices = true;
        _rest = bytes.Span;
        _length = bytes.Length;
    }

    public readonly int Position => _length - _rest.Length;

    public readonly int Remaining => _rest.Length;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Names the message for error texts. Generated code calls it first.</summary>
    public void Enter(string message, short version)
    {
        _message = message;
        _version = version;
    }

    public bool ReadBool(string field) => Take(1, field)[0] != 0;

    public sbyte ReadInt8(string field) => (sbyte)Take(1, field)[0];

    public short ReadInt16(string field) => BinaryPrimitives.ReadInt16BigEndian(Take(2, field));

    public ushort ReadUInt16(string field) => BinaryPrimitives.ReadUInt16BigEndian(Take(2, field));

    public int ReadInt32(string field) => BinaryPrimitives.ReadInt32BigEndian(Take(4, field));

    public uint ReadUInt32(string field) => BinaryPrimitives.ReadUInt32BigEndian(Take(4, field));

    public long ReadInt64(string field) => BinaryPrimitives.ReadInt64BigEndian(Take(8, field));

    public double ReadFloat64(string field) => BinaryPrimitives.ReadDoubleBigEndian(Take(8, field));

    public Uuid ReadUuid(string field) => Uuid.Read(Take(Uuid.SizeInBytes, field));

    public TopicId ReadTopicId(string field) => new(Uuid.Read(Take(Uuid.SizeInBytes, field)));

    /// <summary>
    /// Five bytes at most, and no more than 32 bits in them. Padded forms are read, as Kafka reads them.
    /// </summary>
    public uint ReadUnsignedVarint(string field)
    {
        ReadOnlySpan<byte> rest = _rest;
        if (rest.Length == 0 || rest[0] >= 0x80) return ReadLongVarint(field);
        _rest = rest[1..];
        return rest[0];
    }

    public string ReadString(bool compact, string field) => ReadNullableString(compact, field) ?? throw Null(field);

    /// <summary>
    /// Bytes that are no UTF-8 become replacement characters, as with Kafka; they never fail the message.
    /// </summary>
    public string? ReadNullableString(bool compact, string field)
    {
        int length = compact ? ReadCompactLength(field) : ReadInt16(field);
        if (length > 0) return Encoding.UTF8.GetString(TakeCounted(length, field));
        return length == 0 ? "" : length == -1 ? null : throw BadLength(field, length);
    }

    /// <summary>The string as it lies there, for who compares or copies it without making a string of it.</summary>
    public ReadOnlySpan<byte> ReadStringBytes(bool compact, string field, out bool isNull)
    {
        int length = compact ? ReadCompactLength(field) : ReadInt16(field);
        if (length < -1) throw BadLength(field, length);
        isNull = length < 0;
        return isNull ? default : TakeCounted(length, field);
    }

    public ReadOnlySpan<byte> ReadStringBytes(bool compact, string field)
    {
        ReadOnlySpan<byte> text = ReadStringBytes(compact, field, out bool isNull);
        return isNull ? throw Null(field) : text;
    }

    public ReadOnlyMemory<byte> ReadBytes(bool compact, string field) =>
        ReadNullableBytes(compact, field) ?? throw Null(field);

    public ReadOnlyMemory<byte>? ReadNullableBytes(bool compact, string field)
    {
        int length = compact ? ReadCompactLength(field) : ReadInt32(field);
        if (length < 0) return length == -1 ? null : throw BadLength(field, length);
        int start = Position;
        ReadOnlySpan<byte> bytes = TakeCounted(length, field);
        return _slices ? _memory.Slice(start, length) : bytes.ToArray();
    }

    /// <summary>
    /// Records or bytes as they lie there; null and empty are told apart by <paramref name="isNull"/>.
    /// </summary>
    public ReadOnlySpan<byte> ReadByteSpan(bool compact, string field, out bool isNull)
    {
        int length = compact ? ReadCompactLength(field) : ReadInt32(field);
        if (length < -1) throw BadLength(field, length);
        isNull = length < 0;
        return isNull ? default : TakeCounted(length, field);
    }

    /// <summary>
    /// How many elements follow, -1 for null. Not more than could lie in the bytes that are left if each took
    /// <paramref name="elementSize"/> of them, so that an array of that length may be allocated.
    /// </summary>
    public int ReadArrayLength(bool compact, int elementSize, string field)
    {
        int count = compact ? ReadCompactLength(field) : ReadInt32(field);
        if (count < -1) throw BadLength(field, count);
        if (count > MaxArrayElements || (long)count * elementSize > _rest.Length) throw TooMany(field, count, elementSize);
        return count;
    }

    /// <summary>As <see cref="ReadArrayLength"/>, where null is not allowed.</summary>
    public int ReadCount(bool compact, int elementSize, string field)
    {
        int count = ReadArrayLength(compact, elementSize, field);
        return count >= 0 ? count : throw Null(field);
    }

    /// <summary>The byte before a structure that may be null.</summary>
    public bool ReadPresence(string field) => ReadInt8(field) >= 0;

    /// <summary>The same behind a tag: unsigned, and 0 for null.</summary>
    public bool ReadTaggedPresence(string field) => ReadUnsignedVarint(field) > 0;

    /// <summary>For the end of a frame: bytes behind the message are a sign that sender and reader disagree.</summary>
    public readonly void ExpectEnd()
    {
        if (_rest.Length != 0) throw Fail("end", $"{_rest.Length} bytes are left over");
    }

    /// <summary>The next bytes as they are; fails if so many are not left.</summary>
    public ReadOnlySpan<byte> Take(int length, string field)
    {
        ReadOnlySpan<byte> rest = _rest;
        if ((uint)length > (uint)rest.Length) throw TooShort(field, length);
        _rest = rest[length..];
        return rest[..length];
    }

    /// <summary>As <see cref="Take"/>, but for a length that was read: the text tells length and field apart.</summary>
    ReadOnlySpan<byte> TakeCounted(int length, string field)
    {
        ReadOnlySpan<byte> rest = _rest;
        if ((uint)length > (uint)rest.Length) throw BadLength(field, length);
        _rest = rest[length..];
        return rest[..length];
    }

    /// <summary>The length of a compact string, byte field or array: -1 for null.</summary>
    int ReadCompactLength(string field)
    {
        uint length = ReadUnsignedVarint(field);
        return length <= int.MaxValue ? (int)length - 1 : throw BadLength(field, length - 1L);
    }

    uint ReadLongVarint(string field)
    {
        uint value = 0;
        for (int i = 0; i < _rest.Length && i < 5; i++)
        {
            uint next = _rest[i];
            if (i == 4 && next > 0x0f) break;
            value |= (next & 0x7f) << (7 * i);
            if (next >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw Fail(field, _rest.Length < 5 ? "the bytes end within a varint" : "a varint of more than 32 bits");
    }
}
