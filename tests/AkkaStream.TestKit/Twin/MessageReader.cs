using System.Buffers.Binary;
using System.Text.Json.Nodes;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

/// <summary>
/// The bytes of a message to JSON. Bytes left over, unknown tags and broken lengths are shown as fields that start with an underscore,
/// so that a comparison fails on them.
/// </summary>
static class MessageReader
{
    const int ShownBytes = 256;

    public static JsonObject Read(MessageEntry message, short version, ReadOnlySpan<byte> bytes)
    {
        var json = new JsonObject();
        try
        {
            var from = new WireCursor(bytes);
            ReadStructure(ref from, message.Type, version, message.Flexible.Contains(version), json, "");
            if (from.Remaining > 0) json["_leftOver"] = Shown(from.Rest);
        }
        catch (MalformedException mistake)
        {
            json["_malformed"] = mistake.Message;
        }

        return json;
    }

    public static string Shown(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, ShownBytes)]);

    static void ReadStructure(ref WireCursor from, Type type, short version, bool isFlexible, JsonObject to, string path)
    {
        var fields = MessageCatalog.Fields(type);
        foreach (var field in fields.Where(f => f.Versions.Contains(version)))
        {
            to[field.Name] = field.Tagged.Contains(version)
                ? MessageForm.ShownDefault(field, version)
                : ReadField(ref from, field, version, isFlexible, $"{path}/{field.Name}");
        }

        if (!isFlexible) return;
        int count = from.Unsigned(), last = -1;
        for (int i = 0; i < count; i++)
        {
            int tag = from.Unsigned(), size = from.Unsigned();
            if (tag <= last) to["_tagOrder"] = $"tag {tag} after {last}";
            last = tag;
            if (size < 0 || size > from.Remaining) throw new MalformedException($"{path} has tag {tag} of {size} bytes");
            ReadTag(from.Take(size), Array.Find(fields, f => f.Tag == tag && f.Tagged.Contains(version) && f.Versions.Contains(version)),
                tag, version, to, path);
        }
    }

    static void ReadTag(ReadOnlySpan<byte> bytes, FieldEntry? field, int tag, short version, JsonObject to, string path)
    {
        if (field is null)
        {
            to[$"_tag{tag}"] = Shown(bytes);
            return;
        }

        var from = new WireCursor(bytes);
        to[field.Name] = ReadField(ref from, field, version, isFlexible: true, $"{path}/{field.Name}");
        if (from.Remaining > 0) to[$"_tag{tag}LeftOver"] = Shown(from.Rest);
    }

    static JsonNode? ReadField(ref WireCursor from, FieldEntry field, short version, bool isFlexible, string path)
    {
        if (!field.IsArray) return ReadOne(ref from, field, version, isFlexible, path, field.Nullable.Contains(version));
        int count = isFlexible ? from.Unsigned() - 1 : from.Int32();
        if (count == -1) return null;
        if (count < 0 || count > from.Remaining) throw new MalformedException($"{path} has an array of {count} elements");
        var items = new JsonArray();
        for (int i = 0; i < count; i++) items.Add(ReadOne(ref from, field, version, isFlexible, $"{path}/{i}", isNullable: false));
        return items;
    }

    static JsonNode? ReadOne(ref WireCursor from, FieldEntry field, short version, bool isFlexible, string path, bool isNullable)
    {
        var form = MessageForm.Of(field);
        switch (form)
        {
            case FieldForm.Structure:
                if (isNullable && from.Int8() < 0) return null;
                var inner = new JsonObject();
                ReadStructure(ref from, field.ElementType, version, isFlexible, inner, path);
                return inner;
            case FieldForm.Bool:
                sbyte flag = from.Int8();
                return flag is 0 or 1 ? JsonValue.Create(flag == 1) : JsonValue.Create(flag);
            case FieldForm.Int8: return JsonValue.Create(from.Int8());
            case FieldForm.Int16: return JsonValue.Create(from.Int16());
            case FieldForm.UInt16: return JsonValue.Create((ushort)from.Int16());
            case FieldForm.Int32: return JsonValue.Create(from.Int32());
            case FieldForm.UInt32: return JsonValue.Create((uint)from.Int32());
            case FieldForm.Int64: return JsonValue.Create(from.Int64());
            case FieldForm.Float64: return JsonValue.Create(BinaryPrimitives.ReadDoubleBigEndian(from.Take(8)));
            case FieldForm.Uuid: return JsonValue.Create(System.Buffers.Text.Base64Url.EncodeToString(from.Take(16)));
        }

        int length = isFlexible ? from.Unsigned() - 1 : form == FieldForm.String ? from.Int16() : from.Int32();
        if (length == -1) return null;
        if (length < 0 || length > from.Remaining) throw new MalformedException($"{path} has a length of {length}");
        var bytes = from.Take(length);
        return form switch
        {
            FieldForm.String => JsonValue.Create(WireCursor.Utf8(bytes)),
            FieldForm.Records => BatchReader.Read(bytes),
            _ => JsonValue.Create(BatchReader.Show(bytes)),
        };
    }
}
