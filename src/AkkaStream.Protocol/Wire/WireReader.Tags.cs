namespace AkkaStream.Protocol.Wire;

/// <summary>
/// The tagged section at the end of every structure in flexible versions: count, then tag, size and bytes of each.
/// Unknown tags are kept in the order in which they came; of a known tag that comes twice the last one counts, as with
/// Kafka.
/// </summary>
public ref partial struct WireReader
{
    const string TagsField = "_taggedFields";

    public int ReadTagCount()
    {
        uint count = ReadUnsignedVarint(TagsField);
        if (count > MaxTaggedFields || count * 2 > _rest.Length) throw TooManyTags(count);
        return (int)count;
    }

    /// <summary>
    /// Tag and size of the next field. <paramref name="end"/> goes to <see cref="EndTag"/> after its value was read.
    /// </summary>
    public int ReadTag(out int end)
    {
        uint tag = ReadUnsignedVarint(TagsField);
        uint size = ReadUnsignedVarint(TagsField);
        if (tag >= int.MaxValue || size > _rest.Length) throw BadTag(tag, size);
        end = _rest.Length - (int)size;
        return (int)tag;
    }

    /// <summary>A value must take exactly the bytes that its size announced.</summary>
    public readonly void EndTag(int tag, int end)
    {
        if (_rest.Length != end) throw WrongTagSize(tag, end);
    }

    public TaggedField ReadUnknownTag(int tag, int end)
    {
        int start = Position;
        int size = _rest.Length - end;
        ReadOnlySpan<byte> value = Take(size, TagsField);
        return new TaggedField(tag, _slices ? _memory.Slice(start, size) : value.ToArray());
    }

    /// <summary>
    /// The section of a structure that has no tags of its own. Null if it is empty, which is nearly always.
    /// </summary>
    public TaggedField[]? ReadUnknownTags()
    {
        int count = ReadTagCount();
        if (count == 0) return null;
        var fields = new TaggedField[count];
        for (int i = 0; i < count; i++)
        {
            int tag = ReadTag(out int end);
            fields[i] = ReadUnknownTag(tag, end);
        }

        return fields;
    }

    /// <summary>For views, which keep nothing.</summary>
    public void SkipTags()
    {
        for (int left = ReadTagCount(); left > 0; left--)
        {
            ReadTag(out int end);
            SkipTag(end);
        }
    }

    public void SkipTag(int end) => _rest = _rest[(_rest.Length - end)..];
}
