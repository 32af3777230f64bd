using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace AkkaStream.Protocol.Wire;

/// <summary>
/// Writes a message into a span that is as long as its <see cref="IMessage.Size"/> said. A span too short is our own
/// bug and ends in the runtime's range check. What the version cannot carry is a <see cref="WireValueException"/>.
/// </summary>
public ref struct WireWriter(Span<byte> to)
{
    readonly int _length = to.Length;
    Span<byte> _rest = to;
    string _message = "";
    short _version;

    public readonly int Position => _length - _rest.Length;

    public readonly int Remaining => _rest.Length;

    /// <summary>Names the message for error texts. Generated code calls it first.</summary>
    public void Enter(string message, short version)
    {
        _message = message;
        _version = version;
    }

    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    public void WriteUuid(Uuid value) => value.Write(Take(Uuid.SizeInBytes));

    public void WriteTopicId(TopicId value) => value.Write(Take(Uuid.SizeInBytes));

    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Take(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Take(1)[0] = (byte)value;
    }

    public void WriteString(string value, bool compact, string field) =>
        WriteNullableString(value ?? throw Null(field), compact, field);

    public void WriteNullableString(string? value, bool compact, string field)
    {
        if (value is null)
        {
            WriteStringLength(-1, compact, field);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        WriteStringLength(length, compact, field);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>A string that is in UTF-8 already, as the views hand it out.</summary>
    public void WriteStringBytes(ReadOnlySpan<byte> utf8, bool compact, string field)
    {
        WriteStringLength(utf8.Length, compact, field);
        WriteRaw(utf8);
    }

    public void WriteBytes(ReadOnlyMemory<byte> value, bool compact)
    {
        WriteLength(value.Length, compact);
        WriteRaw(value.Span);
    }

    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool compact)
    {
        if (value is { } bytes) WriteBytes(bytes, compact);
        else WriteLength(-1, compact);
    }

    /// <summary>The length before an array, a byte field or records; -1 for null.</summary>
    public void WriteLength(int length, bool compact)
    {
        if (compact) WriteUnsignedVarint((uint)(length + 1));
        else WriteInt32(length);
    }

    /// <summary>The byte before a structure that may be null.</summary>
    public void WritePresence(bool present) => WriteInt8(present ? (sbyte)1 : (sbyte)-1);

    /// <summary>The same behind a tag: unsigned, and 0 for null.</summary>
    public void WriteTaggedPresence(bool present) => WriteUnsignedVarint(present ? 1u : 0u);

    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void WriteInt8Array(sbyte[]? values, bool compact)
    {
        WriteLength(values?.Length ?? -1, compact);
        WriteRaw(MemoryMarshal.AsBytes<sbyte>(values));
    }

    public void WriteInt16Array(short[]? values, bool compact)
    {
        WriteLength(values?.Length ?? -1, compact);
        foreach (short value in values.AsSpan()) WriteInt16(value);
    }

    public void WriteInt32Array(int[]? values, bool compact)
    {
        WriteLength(values?.Length ?? -1, compact);
        foreach (int value in values.AsSpan()) WriteInt32(value);
    }

    public void WriteInt64Array(long[]? values, bool compact)
    {
        WriteLength(values?.Length ?? -1, compact);
        foreach (long value in values.AsSpan()) WriteInt64(value);
    }

    public void WriteUuidArray(Uuid[]? values, bool compact)
    {
        WriteLength(values?.Length ?? -1, compact);
        foreach (Uuid value in values.AsSpan()) WriteUuid(value);
    }

    public void WriteTopicIdArray(TopicId[]? values, bool compact)
    {
        WriteLength(values?.Length ?? -1, compact);
        foreach (TopicId value in values.AsSpan()) WriteTopicId(value);
    }

    public void WriteStringArray(string[]? values, bool compact, string field)
    {
        WriteLength(values?.Length ?? -1, compact);
        foreach (string value in values.AsSpan()) WriteString(value, compact, field);
    }

    /// <summary>Tag and size of a tagged field; its value is written next.</summary>
    public void WriteTag(int tag, int size)
    {
        WriteUnsignedVarint((uint)tag);
        WriteUnsignedVarint((uint)size);
    }

    /// <summary>The whole tagged section of a structure that has no tags of its own.</summary>
    public void WriteUnknownTags(TaggedField[]? fields)
    {
        WriteUnsignedVarint((uint)(fields?.Length ?? 0));
        int written = 0;
        WriteUnknownTagsBelow(int.MaxValue, fields, ref written);
    }

    /// <summary>
    /// Tags stand in rising order, so the unknown ones go between the known. Continues from <paramref name="written"/>.
    /// </summary>
    public void WriteUnknownTagsBelow(int tag, TaggedField[]? fields, ref int written)
    {
        if (fields is null) return;
        for (; written < fields.Length && fields[written].Tag < tag; written++)
        {
            TaggedField field = fields[written];
            if (written > 0 && field.Tag <= fields[written - 1].Tag)
                throw Refuse("_taggedFields", $"tag {field.Tag} does not come after tag {fields[written - 1].Tag}");
            WriteTag(field.Tag, field.Value.Length);
            WriteRaw(field.Value.Span);
        }

        if (written < fields.Length && fields[written].Tag == tag)
            throw Refuse("_taggedFields", $"tag {tag} belongs to a known field and is among the unknown ones too");
    }

    internal readonly WireValueException Null(string field) => Refuse(field, "null, which the version cannot carry");

    /// <summary>A field that is set, in a version that does not have it.</summary>
    internal readonly WireValueException Lacks(string field, string versions) =>
        Refuse(field, $"has a value, but only versions {versions} have the field");

    internal readonly WireValueException Refuse(string field, string cause) => new(_message, _version, field, cause);

    void WriteStringLength(int length, bool compact, string field)
    {
        if (compact) WriteUnsignedVarint((uint)(length + 1));
        else if (length <= short.MaxValue) WriteInt16((short)length);
        else throw Refuse(field, $"a string of {length} bytes, more than the {short.MaxValue} of this version");
    }

    Span<byte> Take(int length)
    {
        Span<byte> rest = _rest;
        _rest = rest[length..];
        return rest[..length];
    }
}
