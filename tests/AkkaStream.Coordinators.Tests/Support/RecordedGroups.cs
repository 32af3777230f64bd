using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>One request that a running Kafka was asked, in the order in which it was asked, with what it answered sooner or later.</summary>
sealed record RecordedStep(string Name, ApiKey Api, short Version, string ClientId, IRequest Request, IMessage Answer);

/// <summary>The recorded traffic with Kafka's group coordinator that is in tests/golden.</summary>
static class RecordedGroups
{
    const int LengthSize = 4;

    public static IEnumerable<RecordedStep> Of(string script)
    {
        var lines = GoldenFiles.Lines($"twin/answers/plain/{script}.jsonl.gz").ToList();
        for (int i = 0; i < lines.Count; i++)
        {
            if (!lines[i].TryGetProperty("api", out _) || !HasBytes(lines[i], "request")) continue;
            var key = Enum.Parse<ApiKey>(lines[i].GetProperty("api").GetString()!);
            short version = lines[i].GetProperty("version").GetInt16();
            byte[] asked = Bytes(lines[i], "request");
            var request = new WireReader(asked.AsMemory(LengthSize));
            var header = RequestHeader.Read(ref request, ApiTable.RequestHeaderVersion(key, version));
            // An answer that was awaited later stands in a line of its own, under the same correlation id.
            var answered = lines.Skip(i).FirstOrDefault(l => HasBytes(l, "response") && CorrelationOf(l) == header.CorrelationId);
            if (answered.ValueKind == JsonValueKind.Undefined) continue;
            var answer = new WireReader(Bytes(answered, "response").AsMemory());
            ResponseHeader.Read(ref answer, ApiTable.ResponseHeaderVersion(key, version));
            yield return new RecordedStep(
                $"{script} #{lines[i].GetProperty("step").GetInt32()} {lines[i].GetProperty("label").GetString()}", key, version,
                header.ClientId ?? "", ApiTable.ReadRequest(key, ref request, version), ApiTable.ReadResponse(key, ref answer, version));
        }
    }

    /// <summary>As a client reads it in that version, whatever the order of arrays, which is chance with Kafka.</summary>
    public static string Normal(IMessage answer, short version)
    {
        var json = MessageJson.Write(answer, version);
        json.Remove("throttleTimeMs");
        return Sorted(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonArray array => new JsonArray([.. array.Select(Sorted).OrderBy(n => n?.ToJsonString(), StringComparer.Ordinal)]),
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        _ => node?.DeepClone(),
    };

    static int CorrelationOf(JsonElement line) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Bytes(line, "response"));

    static bool HasBytes(JsonElement line, string what) =>
        line.TryGetProperty(what, out var hex) && hex.ValueKind == JsonValueKind.String && hex.GetString() is not "";

    static byte[] Bytes(JsonElement line, string what) => Convert.FromHexString(line.GetProperty(what).GetString()!);
}
