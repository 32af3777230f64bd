using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Cluster.Tests.Controller;

/// <summary>One request that a running Kafka was asked, with what it answered.</summary>
sealed record RecordedStep(string Name, ApiKey Api, short Version, IRequest Request, IMessage Answer);

/// <summary>The recorded traffic with one node of Kafka that is in tests/golden, as messages.</summary>
static class RecordedAnswers
{
    const int LengthSize = 4;

    public static IEnumerable<RecordedStep> Of(string script)
    {
        foreach (JsonElement line in GoldenFiles.Lines($"twin/answers/plain/{script}.jsonl.gz"))
        {
            // A step without an answer (Kafka stayed silent) says nothing about ours.
            if (!line.TryGetProperty("api", out JsonElement api) || !HasBytes(line, "request") || !HasBytes(line, "response")) continue;
            var key = Enum.Parse<ApiKey>(api.GetString()!);
            short version = line.GetProperty("version").GetInt16();
            var request = new WireReader(Bytes(line, "request")[LengthSize..].AsMemory());
            RequestHeader.Read(ref request, ApiTable.RequestHeaderVersion(key, version));
            var answer = new WireReader(Bytes(line, "response").AsMemory());
            ResponseHeader.Read(ref answer, ApiTable.ResponseHeaderVersion(key, version));
            string name = $"{script} #{line.GetProperty("step").GetInt32()} {line.GetProperty("label").GetString()}";
            yield return new RecordedStep(name, key, version,
                ApiTable.ReadRequest(key, ref request, version), ApiTable.ReadResponse(key, ref answer, version));
        }
    }

    /// <summary>
    /// The answer as a client reads it in that version, in a form that does not depend on the order of arrays, which is
    /// chance with Kafka.
    /// </summary>
    public static string Normal(IMessage answer, short version)
    {
        JsonObject json = MessageJson.Write(answer, version);
        json.Remove("throttleTimeMs");
        return Sorted(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonArray array => new JsonArray([.. array.Select(Sorted).OrderBy(n => n?.ToJsonString(), StringComparer.Ordinal)]),
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        _ => node?.DeepClone(),
    };

    static bool HasBytes(JsonElement line, string what) =>
        line.TryGetProperty(what, out JsonElement hex) && hex.ValueKind == JsonValueKind.String && hex.GetString() is not "";

    static byte[] Bytes(JsonElement line, string what) => Convert.FromHexString(line.GetProperty(what).GetString()!);
}
