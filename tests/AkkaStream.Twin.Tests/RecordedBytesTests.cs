using System.Text.Json;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Messages;
using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>Kafka's own bytes in the recorded answers, and those that were sent to it, through our codec and back.</summary>
public sealed class RecordedBytesTests
{
    public static TheoryData<string> Recordings =>
    [
        .. Directory.GetFiles(Path.Combine(GoldenFiles.Root, "twin/answers"), "*.jsonl.gz", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(GoldenFiles.Root, f)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Every_recorded_answer_is_written_back_to_the_same_bytes(string file)
    {
        int count = 0;
        foreach (var line in GoldenFiles.Lines(file))
        {
            if (!TryBytes(line, "response", out byte[] response) || !line.TryGetProperty("api", out var api)) continue;
            var message = MessageCatalog.Response(Enum.Parse<ApiKey>(api.GetString()!));
            short version = line.GetProperty("version").GetInt16();
            if (!message.Versions.Contains(version)) version = 0;
            var reader = new WireReader(response);
            ResponseHeader.Read(ref reader, ApiTable.ResponseHeaderVersion((ApiKey)message.Key, version));
            string? difference = TwinBytes.Compare(message, version, reader.Rest);
            Assert.True(difference is null, $"{file} {line.GetProperty("label")}: {difference}");
            count++;
        }

        Assert.True(count > 0 || file.Contains("framing"), $"{file} holds no answers");
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Every_recorded_request_that_is_in_order_is_written_back_to_the_same_bytes(string file)
    {
        string script = file.Replace("answers/plain", "scripts").Replace("answers/defaults", "scripts")
            .Replace("answers/", "scripts/").Replace(".jsonl.gz", ".json");
        var steps = TwinScript.Load(Path.Combine(GoldenFiles.Root, script));
        foreach (var line in GoldenFiles.Lines(file))
        {
            var step = steps[line.GetProperty("step").GetInt32()];
            if (step.Api is not { } key || IsOddOnPurpose(step) || !TryBytes(line, "request", out byte[] request)) continue;
            short version = line.GetProperty("version").GetInt16();
            var message = MessageCatalog.Request(key);
            if (!message.Versions.Contains(version)) continue;
            var reader = new WireReader(request.AsSpan(Frames.LengthSize));
            RequestHeader.Read(ref reader, ApiTable.RequestHeaderVersion(key, version));
            string? difference = TwinBytes.Compare(message, version, reader.Rest);
            Assert.True(difference is null, $"{file} {step}: {difference}");
        }
    }

    /// <summary>Steps that say what a right client never writes.</summary>
    static bool IsOddOnPurpose(TwinStep step) =>
        new[] { "bodyHex", "append", "cut", "headerTags", "flexibleHeader", "apiKey", "frameLength", "clientId" }.Any(step.Json.ContainsKey)
        || step.Json.ToJsonString().Contains("\"_tags\"");

    static bool TryBytes(JsonElement line, string name, out byte[] bytes)
    {
        bytes = line.TryGetProperty(name, out var hex) ? Convert.FromHexString(hex.GetString()!) : [];
        return bytes.Length > 0;
    }
}
