namespace AkkaStream.Protocol.Wire;

/// <summary>
/// The texts of refusals, apart from the reading so that what is read rightly runs through small methods.
/// </summary>
public ref partial struct WireReader
{
    internal readonly WireFormatException Fail(string field, string cause) =>
        new(_message, _version, field, Position, cause);

    internal readonly WireFormatException Null(string field) => Fail(field, "null, which is not allowed here");

    readonly WireFormatException TooShort(string field, int length) =>
        Fail(field, $"needs {length} bytes, but {_rest.Length} bytes are left");

    readonly WireFormatException BadLength(string field, long length) =>
        Fail(field, length < -1 ? $"a length of {length}" : $"a length of {length}, but {_rest.Length} bytes are left");

    readonly WireFormatException TooMany(string field, int count, int elementSize) =>
        Fail(field, count > MaxArrayElements
            ? $"{count} elements, more than the {MaxArrayElements} allowed"
            : $"{count} elements of at least {elementSize} bytes, but {_rest.Length} bytes are left");

    readonly WireFormatException TooManyTags(uint count) =>
        Fail(TagsField, count > MaxTaggedFields
            ? $"{count} tagged fields, more than the {MaxTaggedFields} allowed"
            : $"{count} tagged fields of at least 2 bytes, but {_rest.Length} bytes are left");

    readonly WireFormatException BadTag(uint tag, uint size) =>
        Fail(TagsField, tag >= int.MaxValue
            ? $"a tag of {tag}"
            : $"tag {tag} has a size of {size}, but {_rest.Length} bytes are left");

    readonly WireFormatException WrongTagSize(int tag, int end) =>
        Fail(TagsField, _rest.Length > end
            ? $"tag {tag} is {_rest.Length - end} bytes shorter than its size"
            : $"tag {tag} is {end - _rest.Length} bytes longer than its size");
}
