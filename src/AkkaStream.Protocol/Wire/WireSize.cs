using System.Numerics;
using System.Text;

namespace AkkaStream.Protocol.Wire;

/// <summary>How many bytes values will take. Mirrors <see cref="WireWriter"/>, method by method.</summary>
public static class WireSize
{
    public static int UnsignedVarint(uint value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>The length before an array, a byte field or records; -1 for null.</summary>
    public static int Length(int length, bool compact) => compact ? UnsignedVarint((uint)(length + 1)) : 4;

    public static int String(string? value, bool compact)
    {
        if (value is null) return compact ? 1 : 2;
        return StringBytes(Encoding.UTF8.GetByteCount(value), compact);
    }

    /// <summary>A string of so many bytes in UTF-8.</summary>
    public static int StringBytes(int length, bool compact) =>
        (compact ? UnsignedVarint((uint)(length + 1)) : 2) + length;

    public static int Bytes(ReadOnlyMemory<byte> value, bool compact) => Length(value.Length, compact) + value.Length;

    public static int Bytes(ReadOnlyMemory<byte>? value, bool compact) =>
        value is { } bytes ? Bytes(bytes, compact) : Length(-1, compact);

    /// <summary>An array of plain values of the same size; a length of -1 for null.</summary>
    public static int Array(int length, int elementSize, bool compact) =>
        Length(length, compact) + (Math.Max(length, 0) * elementSize);

    public static int StringArray(string[]? values, bool compact)
    {
        if (values is null) return Length(-1, compact);
        int size = Length(values.Length, compact);
        foreach (string value in values) size += String(value, compact);
        return size;
    }

    /// <summary>A tagged field whose value takes so many bytes.</summary>
    public static int Tag(int tag, int size) => UnsignedVarint((uint)tag) + UnsignedVarint((uint)size) + size;

    /// <summary>
    /// The tagged section: its count, and the fields that are unknown. The known ones are added by the caller.
    /// </summary>
    public static int Tags(TaggedField[]? unknown, int known)
    {
        if (unknown is null) return UnsignedVarint((uint)known);
        int size = UnsignedVarint((uint)(known + unknown.Length));
        foreach (TaggedField field in unknown) size += Tag(field.Tag, field.Value.Length);
        return size;
    }
}
