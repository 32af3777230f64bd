using System.Text.Json.Nodes;
using AkkaStream.Protocol;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

/// <summary>How a field lies on the wire.</summary>
enum FieldForm
{
    Structure,
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
}

/// <summary>
/// What scripts need to know of a field beyond its description. This codec walks the descriptions by itself and shares nothing with the
/// generated one, so each is a second opinion on the other.
/// </summary>
static class MessageForm
{
    public const string ZeroId = "AAAAAAAAAAAAAAAAAAAAAA";

    public static FieldForm Of(FieldEntry field)
    {
        var type = field.ElementType;
        if (type == typeof(string)) return FieldForm.String;
        if (type == typeof(ReadOnlyMemory<byte>)) return field.Name == "records" ? FieldForm.Records : FieldForm.Bytes;
        if (type == typeof(Uuid) || type == typeof(TopicId)) return FieldForm.Uuid;
        if (type == typeof(ErrorCode)) return FieldForm.Int16;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => FieldForm.Bool,
            TypeCode.SByte => FieldForm.Int8,
            TypeCode.Int16 => FieldForm.Int16,
            TypeCode.UInt16 => FieldForm.UInt16,
            TypeCode.Int32 => FieldForm.Int32,
            TypeCode.UInt32 => FieldForm.UInt32,
            TypeCode.Int64 => FieldForm.Int64,
            TypeCode.Double => FieldForm.Float64,
            _ => FieldForm.Structure,
        };
    }

    /// <summary>What a field holds that nobody has set. Null is JSON's null.</summary>
    public static JsonNode? Default(FieldEntry field, short version)
    {
        bool isNull = field.Default is null && field.Nullable.Contains(version);
        if (field.IsArray) return isNull ? null : new JsonArray();
        return Of(field) switch
        {
            FieldForm.Structure => isNull ? null : new JsonObject(),
            FieldForm.Records => null,
            FieldForm.String => isNull ? null : JsonValue.Create((string?)field.Default ?? ""),
            FieldForm.Bytes => isNull ? null : JsonValue.Create(""),
            FieldForm.Uuid => JsonValue.Create(field.Default?.ToString() ?? ZeroId),
            FieldForm.Bool => JsonValue.Create(field.Default is true),
            FieldForm.Float64 => JsonValue.Create(Convert.ToDouble(field.Default)),
            _ => JsonValue.Create(Convert.ToInt64(field.Default)),
        };
    }

    /// <summary>The same with the defaults of the fields inside, as an answer shows a tagged field that is not there.</summary>
    public static JsonNode? ShownDefault(FieldEntry field, short version)
    {
        if (field.IsArray || Default(field, version) is not JsonObject fresh) return Default(field, version);
        foreach (var inner in MessageCatalog.Fields(field.ElementType))
            if (inner.Versions.Contains(version)) fresh[inner.Name] = ShownDefault(inner, version);
        return fresh;
    }
}
