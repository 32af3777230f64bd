using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AkkaStream.Protocol.Wire;

/// <summary>Arrays of plain values, null where the wire says null. Numbers are turned round many at a time.</summary>
public ref partial struct WireReader
{
    public sbyte[]? ReadInt8Array(bool compact, string field)
    {
        int count = ReadArrayLength(compact, 1, field);
        return count < 0 ? null : MemoryMarshal.Cast<byte, sbyte>(Take(count, field)).ToArray();
    }

    public short[]? ReadInt16Array(bool compact, string field)
    {
        int count = ReadArrayLength(compact, 2, field);
        if (count <= 0) return count < 0 ? null : [];
        var values = new short[count];
        ReadOnlySpan<short> source = MemoryMarshal.Cast<byte, short>(Take(count * 2, field));
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(source, values);
        else source.CopyTo(values);
        return values;
    }

    public int[]? ReadInt32Array(bool compact, string field)
    {
        int count = ReadArrayLength(compact, 4, field);
        if (count <= 0) return count < 0 ? null : [];
        var values = new int[count];
        ReadOnlySpan<int> source = MemoryMarshal.Cast<byte, int>(Take(count * 4, field));
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(source, values);
        else source.CopyTo(values);
        return values;
    }

    public long[]? ReadInt64Array(bool compact, string field)
    {
        int count = ReadArrayLength(compact, 8, field);
        if (count <= 0) return count < 0 ? null : [];
        var values = new long[count];
        ReadOnlySpan<long> source = MemoryMarshal.Cast<byte, long>(Take(count * 8, field));
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(source, values);
        else source.CopyTo(values);
        return values;
    }

    public Uuid[]? ReadUuidArray(bool compact, string field)
    {
        int count = ReadArrayLength(compact, Uuid.SizeInBytes, field);
        if (count <= 0) return count < 0 ? null : [];
        var values = new Uuid[count];
        for (int i = 0; i < count; i++) values[i] = ReadUuid(field);
        return values;
    }

    public TopicId[]? ReadTopicIdArray(bool compact, string field)
    {
        int count = ReadArrayLength(compact, Uuid.SizeInBytes, field);
        if (count <= 0) return count < 0 ? null : [];
        var values = new TopicId[count];
        for (int i = 0; i < count; i++) values[i] = ReadTopicId(field);
        return values;
    }

    public string[]? ReadStringArray(bool compact, string field)
    {
        int count = ReadArrayLength(compact, compact ? 1 : 2, field);
        if (count <= 0) return count < 0 ? null : [];
        var values = new string[count];
        for (int i = 0; i < count; i++) values[i] = ReadString(compact, field);
        return values;
    }
}
