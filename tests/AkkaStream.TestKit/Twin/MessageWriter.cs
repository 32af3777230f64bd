using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

/// <summary>
/// JSON to the bytes of a message. Unlike the typed form it can say what no right client says: null where it is not allowed, unknown
/// tags, texts that are no UTF-8, batches that are broken.
/// </summary>
static class MessageWriter
{
    public static byte[] Write(MessageEntry message, short version, JsonObject? body)
    {
        var bytes = new WireBytes();
        WriteStructure(bytes, message.Type, version, message.Flexible.Contains(version), body ?? [], message.Name);
        return bytes.ToArray();
    }

    static void WriteStructure(WireBytes to, Type type, short version, bool isFlexible, JsonObject body, string path)
    {
        var fields = MessageCatalog.Fields(type);
        foreach (var (name, _) in body)
            if (name != "_tags" && !Array.Exists(fields, f => f.Name == name))
                throw new JsonException($"{path} has no field called {name}; it has {string.Join(", ", fields.Select(f => f.Name))}");
        var tags = new SortedDictionary<int, byte[]>();
        foreach (var field in fields.Where(f => f.Versions.Contains(version)))
        {
            bool isSet = body.TryGetPropertyValue(field.Name, out var value);
            string inner = $"{path}.{field.Name}";
            if (!field.Tagged.Contains(version))
            {
                WriteField(to, field, version, isFlexible, isSet ? value : MessageForm.Default(field, version), inner);
            }
            else if (isSet)
            {
                var tag = new WireBytes();
                WriteField(tag, field, version, isFlexible, value, inner);
                tags[field.Tag] = tag.ToArray();
            }
        }

        if (!isFlexible) return;
        foreach (var (tag, hex) in body["_tags"] as JsonObject ?? []) tags[int.Parse(tag)] = Json.Hex(hex.Text());
        to.Unsigned((ulong)tags.Count);
        foreach (var (tag, bytes) in tags) to.Unsigned((ulong)tag).Unsigned((ulong)bytes.Length).Put(bytes);
    }

    static void WriteField(WireBytes to, FieldEntry field, short version, bool isFlexible, JsonNode? value, string path)
    {
        if (!field.IsArray)
        {
            WriteOne(to, field, version, isFlexible, value, path, field.Nullable.Contains(version));
            return;
        }

        if (value is null)
        {
            WriteLength(to, isFlexible, -1, sizeof(int));
            return;
        }

        if (value is not JsonArray items) throw new JsonException($"{path} wants an array, not {value.Line()}");
        WriteLength(to, isFlexible, items.Count, sizeof(int));
        for (int i = 0; i < items.Count; i++) WriteOne(to, field, version, isFlexible, items[i], $"{path}[{i}]", isNullable: false);
    }

    static void WriteLength(WireBytes to, bool isFlexible, int length, int size)
    {
        if (isFlexible) to.Unsigned((ulong)(length + 1));
        else if (size == sizeof(short)) to.Int16(length);
        else to.Int32(length);
    }

    static void WriteOne(WireBytes to, FieldEntry field, short version, bool isFlexible, JsonNode? value, string path, bool isNullable)
    {
        switch (MessageForm.Of(field))
        {
            case FieldForm.Structure:
                if (isNullable) to.Int8(value is null ? -1 : 1);
                if (isNullable && value is null) return;
                WriteStructure(to, field.ElementType, version, isFlexible, value as JsonObject ?? [], path);
                break;
            case FieldForm.Bool:
                to.Int8(value.IsBool() ? (value!.GetValue<bool>() ? 1 : 0) : value.IsNumber() ? Number(value, path) : value.Text() == "true" ? 1 : 0);
                break;
            case FieldForm.Int8: to.Int8(Number(value, path)); break;
            case FieldForm.Int16 or FieldForm.UInt16: to.Int16(Number(value, path)); break;
            case FieldForm.Int32 or FieldForm.UInt32: to.Int32(Number(value, path)); break;
            case FieldForm.Int64: to.Int64(Number(value, path)); break;
            case FieldForm.Float64:
                to.Int64(BitConverter.DoubleToInt64Bits(double.Parse(value.Text(), CultureInfo.InvariantCulture)));
                break;
            case FieldForm.Uuid: to.Put(IdBytes(value.Text())); break;
            case FieldForm.String: WriteBytes(to, isFlexible, ScriptBytes.Of(value), sizeof(short)); break;
            case FieldForm.Bytes: WriteBytes(to, isFlexible, ScriptBytes.Of(value), sizeof(int)); break;
            case FieldForm.Records: WriteBytes(to, isFlexible, ScriptBytes.OfRecords(value), sizeof(int)); break;
        }
    }

    static void WriteBytes(WireBytes to, bool isFlexible, byte[]? bytes, int size)
    {
        WriteLength(to, isFlexible, bytes?.Length ?? -1, size);
        to.Put(bytes);
    }

    static byte[] IdBytes(string text)
    {
        byte[] bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        return bytes.Length == 16 ? bytes : throw new JsonException($"not a topic id: {text}");
    }

    static long Number(JsonNode? value, string path)
    {
        if (value.IsBool()) return value!.GetValue<bool>() ? 1 : 0;
        string text = value.Text();
        if (text.StartsWith("0x", StringComparison.Ordinal)) return (long)ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new JsonException($"{path} wants a number, not {value.Line()}");
    }
}
