using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

/// <summary>
/// Bytes as scripts write them: null, a text, {"hex":..}, {"fill":"x","n":1000}, {"struct":NAME,"v":N,"body":{..}}, {"records":[..]}.
/// </summary>
static class ScriptBytes
{
    public static byte[]? Of(JsonNode? value)
    {
        if (value is null) return null;
        if (value is not JsonObject json) return Encoding.UTF8.GetBytes(value.Text());
        if (json.Has("hex")) return Json.Hex(json["hex"].Text());
        if (json.Has("fill")) return Encoding.UTF8.GetBytes(new StringBuilder().Insert(0, json["fill"].Text(), json.Int("n", 1)).ToString());
        if (json.Has("records")) return OfRecords(json["records"]);
        if (!json.Has("struct")) throw new JsonException($"no bytes in {json.Line()}");
        short version = (short)json.Int("v", 0);
        byte[] body = MessageWriter.Write(MessageCatalog.Named(json["struct"].Text()), version, json["body"] as JsonObject);
        return new WireBytes().Int16(version).Put(body).ToArray();
    }

    /// <summary>A records field: as above, or an array of batches.</summary>
    public static byte[]? OfRecords(JsonNode? value)
    {
        if (value is not JsonArray batches) return Of(value);
        var bytes = new WireBytes();
        foreach (var batch in batches.Cast<JsonObject>()) bytes.Put(batch.Has("hex") ? Json.Hex(batch["hex"].Text()) : BatchWriter.Write(batch));
        return bytes.ToArray();
    }
}
