namespace AkkaStream.Protocol.Wire;

/// <summary>
/// A tagged field that this version of ours does not know: kept as bytes, so that what is passed on loses nothing.
/// The bytes live as long as the memory that was read.
/// </summary>
public readonly record struct TaggedField(int Tag, ReadOnlyMemory<byte> Value);

/// <summary>
/// Gathers unknown tags while a structure is read. Allocates once, at the first unknown tag, for as many as can still
/// come; the reader has checked by then that so many fit into the bytes that are left.
/// </summary>
struct UnknownTagCollector
{
    TaggedField[]? _fields;
    int _count;

    public void Add(TaggedField field, int atMostFromHere)
    {
        _fields ??= new TaggedField[atMostFromHere];
        _fields[_count++] = field;
    }

    public readonly TaggedField[]? Fields =>
        _fields is null || _count == _fields.Length ? _fields : _fields[.._count];
}
