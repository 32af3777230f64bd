using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.TestKit.Messages;

/// <summary>
/// Messages as JSON, in the form of Kafka's own converter: names with a small first letter, bytes in base64, ids in
/// Kafka's text form, a tagged field that holds its default left out. For tests and tools only: it works by reflection.
/// </summary>
public static class MessageJson
{
    public static JsonObject Write(IMessage message, short version) => WriteStructure(message, version);

    /// <summary>
    /// Builds a message from a body that may be partial: what is missing keeps its default, what the version does not
    /// have is skipped, what no version has is a mistake and is refused.
    /// </summary>
    public static IMessage Read(MessageEntry entry, JsonObject body, short version) =>
        (IMessage)ReadStructure(entry.Type, body, version, entry.Name);

    static JsonObject WriteStructure(object structure, short version)
    {
        var json = new JsonObject();
        foreach (FieldEntry field in MessageCatalog.Fields(structure.GetType()))
        {
            if (!field.Versions.Contains(version)) continue;
            object? value = field.Property.GetValue(structure);
            if (field.Tagged.Contains(version) && IsDefault(field, value)) continue;
            json[field.Name] = WriteValue(value, version);
        }

        return json;
    }

    /// <summary>
    /// A fresh structure equals a default that is a fresh structure; an empty array equals an empty default.
    /// </summary>
    static bool IsDefault(FieldEntry field, object? value)
    {
        if (value is null || field.Default is null) return value is null && field.Default is null;
        if (value is ReadOnlyMemory<byte> bytes)
            return bytes.Length == ((ReadOnlyMemory<byte>)field.Default).Length && bytes.IsEmpty;
        if (value is Array array) return array.Length == 0 && ((Array)field.Default).Length == 0;
        if (field.IsStructure)
            return MessageCatalog.Fields(field.ElementType).All(f => IsDefault(f, f.Property.GetValue(value)));
        return value.Equals(field.Default);
    }

    static JsonNode? WriteValue(object? value, short version) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        ReadOnlyMemory<byte> bytes => JsonValue.Create(Convert.ToBase64String(bytes.Span)),
        Uuid id => JsonValue.Create(id.ToString()),
        TopicId id => JsonValue.Create(id.ToString()),
        bool b => JsonValue.Create(b),
        double d => JsonValue.Create(d),
        Enum e => JsonValue.Create(Convert.ToInt64(e)),
        IConvertible number => JsonValue.Create(number.ToInt64(null)),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(i => WriteValue(i, version))]),
        _ => WriteStructure(value, version),
    };

    static object ReadStructure(Type type, JsonObject json, short version, string path)
    {
        object structure = Activator.CreateInstance(type)!;
        FieldEntry[] fields = MessageCatalog.Fields(type);
        foreach ((string name, JsonNode? value) in json)
        {
            FieldEntry field = fields.FirstOrDefault(f => f.Name == name)
                ?? throw new JsonException(
                    $"{path} has no field '{name}'; it has {string.Join(", ", fields.Select(f => f.Name))}");
            if (field.Versions.Contains(version))
                field.Property.SetValue(structure, ReadField(field, value, version, $"{path}.{name}"));
        }

        return structure;
    }

    static object? ReadField(FieldEntry field, JsonNode? json, short version, string path)
    {
        if (json is null)
        {
            bool isAllowed = field.Nullable.Contains(version) || field.IsAbsentAsNull;
            return isAllowed ? null : throw new JsonException($"{path} cannot be null in version {version}");
        }

        if (!field.IsArray) return ReadValue(field.ElementType, json, version, path);
        JsonArray items = json.AsArray();
        var array = Array.CreateInstance(field.ElementType, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            JsonNode item = items[i] ?? throw new JsonException($"{path}[{i}] cannot be null");
            array.SetValue(ReadValue(field.ElementType, item, version, $"{path}[{i}]"), i);
        }

        return array;
    }

    static object ReadValue(Type type, JsonNode json, short version, string path)
    {
        if (type == typeof(string)) return json.GetValue<string>();
        if (type == typeof(bool)) return json.GetValue<bool>();
        if (type == typeof(double)) return double.Parse(json.ToJsonString(), CultureInfo.InvariantCulture);
        if (type == typeof(Uuid)) return Uuid.Parse(json.GetValue<string>());
        if (type == typeof(TopicId)) return TopicId.Parse(json.GetValue<string>());
        if (type == typeof(ReadOnlyMemory<byte>))
            return new ReadOnlyMemory<byte>(Convert.FromBase64String(json.GetValue<string>()));
        if (type == typeof(ErrorCode)) return (ErrorCode)short.Parse(json.ToJsonString(), CultureInfo.InvariantCulture);
        if (type.IsPrimitive)
            return Convert.ChangeType(
                long.Parse(json.ToJsonString(), CultureInfo.InvariantCulture), type, CultureInfo.InvariantCulture);
        return ReadStructure(type, json.AsObject(), version, path);
    }
}
