using System.IO.Compression;
using System.Text.Json.Nodes;

namespace AkkaStream.TestKit.Twin;

/// <summary>Writes down what a broker answers to a script, in the form of tests/golden/twin/answers. For Kafka's answers only.</summary>
public static class TwinRecording
{
    const int LongestBytes = 20_000;

    public static async Task WriteAsync(TwinPlayer player, IReadOnlyList<TwinStep> steps, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        await using var writer = new StreamWriter(file);
        foreach (var step in steps)
        {
            var result = await player.PlayAsync(step).ConfigureAwait(false);
            var line = new JsonObject { ["step"] = step.Index, ["label"] = step.Label };
            if (step.IsSetup) line["setup"] = true;
            if (step.Api is { } api)
            {
                line["api"] = api.ToString();
                line["version"] = step.Json.Int("v", 0);
            }

            line["result"] = result.Shown;
            if (result.Texts.Count > 0) line["texts"] = new JsonObject(result.Texts.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
            Put(line, "request", result.Request);
            Put(line, "response", result.Response);
            await writer.WriteLineAsync(line.Line()).ConfigureAwait(false);
        }
    }

    static void Put(JsonObject line, string name, byte[]? bytes)
    {
        if (bytes is null) return;
        if (bytes.Length > LongestBytes) line[$"{name}Bytes"] = bytes.Length;
        else line[name] = Convert.ToHexStringLower(bytes);
    }
}
