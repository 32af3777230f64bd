using System.IO.Compression;
using System.Text.Json.Nodes;

namespace AkkaStream.Metadata.Tests.Configs;

/// <summary>What a running Kafka 4.3.1 said; see tests/golden/configs/README.md.</summary>
static class GoldenConfigs
{
    public static JsonArray Table(string scope) => JsonNode.Parse(File.ReadAllText(PathOf($"{scope}-configs.json")))!.AsArray();

    public static IEnumerable<JsonNode> Lines(string file)
    {
        using var stream = new GZipStream(File.OpenRead(PathOf(file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return JsonNode.Parse(line)!;
    }

    public static ConfigTable TableOf(string scope) => scope switch
    {
        "topic" => ConfigTable.Topic,
        "broker" => ConfigTable.Broker,
        "group" => ConfigTable.Group,
        _ => ConfigTable.ClientMetrics,
    };

    public static Dictionary<string, string> Map(JsonNode? node) =>
        node!.AsObject().Where(field => field.Value is not null).ToDictionary(field => field.Key, field => (string)field.Value!);

    static string PathOf(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaStream.sln")))
                return Path.Combine(folder.FullName, "tests", "golden", "configs", file);
        }

        throw new DirectoryNotFoundException("no folder above the tests holds AkkaStream.sln");
    }
}
