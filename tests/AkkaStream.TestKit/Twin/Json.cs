using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaStream.TestKit.Twin;

/// <summary>Small questions to JSON nodes. A C# null is JSON's null; what is absent is told apart by who asks.</summary>
static class Json
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line, letters of all scripts as they are.</summary>
    public static string Line(this JsonNode? node) => node is null ? "null" : node.ToJsonString(Plain);

    /// <summary>Of a text the text, of a number its digits, of null "null"; of objects and arrays nothing.</summary>
    public static string Text(this JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => "",
    };

    public static bool IsText(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String;

    public static bool IsNumber(this JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number;

    public static bool IsBool(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False;

    /// <summary>A whole number of any size that fits; false for others, and for what is no number.</summary>
    public static bool IsWhole(this JsonNode? node, out long value)
    {
        value = 0;
        return node.IsNumber() && long.TryParse(node.Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static bool Has(this JsonObject json, string name) => json.ContainsKey(name);

    public static string Text(this JsonObject json, string name, string otherwise) =>
        json.TryGetPropertyValue(name, out var value) ? value.Text() : otherwise;

    public static long Number(this JsonObject json, string name, long otherwise) =>
        json.TryGetPropertyValue(name, out var value) && value.IsWhole(out long number) ? number : otherwise;

    public static int Int(this JsonObject json, string name, int otherwise) => (int)json.Number(name, otherwise);

    public static bool Flag(this JsonObject json, string name, bool otherwise = false) =>
        json.TryGetPropertyValue(name, out var value) && value.IsBool() ? value!.GetValue<bool>() : otherwise;

    public static IEnumerable<JsonNode?> Items(this JsonObject json, string name) => json[name] as JsonArray ?? [];

    public static byte[] Hex(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>The same node as it would be read from its text.</summary>
    public static JsonNode? Settled(this JsonNode? node) => node is null ? null : JsonNode.Parse(node.Line());
}
