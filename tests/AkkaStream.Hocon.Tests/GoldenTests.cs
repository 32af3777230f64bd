using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaStream.Hocon.Tests;

/// <summary>What the reference implementations make of thousands of texts; see tests/golden/hocon/README.md.</summary>
public sealed class GoldenTests
{
    [Fact]
    public void Documents_mean_what_the_reference_implementation_says()
    {
        foreach (var example in Read("documents.jsonl.gz"))
        {
            var text = (string)example["text"]!;
            if (example["refused"] is not null)
            {
                Assert.Throws<HoconException>(() => HoconConfig.Parse(text));
                continue;
            }

            var ours = Json(HoconConfig.Parse(text).Root);
            Assert.True(Same(example["json"], ours), $"{text}\n\nexpected {example["json"]!.ToJsonString()}\nfound    {ours!.ToJsonString()}");
        }
    }

    [Fact]
    public void Properties_mean_what_Java_says()
    {
        foreach (var example in Read("properties.jsonl.gz"))
        {
            var text = (string)example["text"]!;
            if (example["refused"] is not null)
            {
                Assert.Throws<HoconException>(() => PropertiesFile.Parse(text));
                continue;
            }

            var expected = example["entries"]!.AsArray().Select(entry => ((string)entry!["name"]!, (string)entry["value"]!));
            Assert.Equal(expected, PropertiesFile.Parse(text).Entries.Select(entry => (entry.Name, entry.Value)));
        }
    }

    static IEnumerable<JsonNode> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(Golden.Folder, "hocon", file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return JsonNode.Parse(line)!;
    }

    static JsonNode? Json(HoconNode node) => node switch
    {
        { IsObject: true } => new JsonObject(node.Fields.Select(field => KeyValuePair.Create(field.Key, Json(field.Value)))),
        { Kind: HoconKind.List } => new JsonArray([.. node.Items.Select(Json)]),
        { Kind: HoconKind.Boolean } => JsonValue.Create(node.Text == "true"),
        { Kind: HoconKind.Number } => JsonNode.Parse(node.Text),
        { Kind: HoconKind.Null } => null,
        _ => JsonValue.Create(node.Text),
    };

    /// <summary>Fields have no order, and 1e5 is 100000.</summary>
    static bool Same(JsonNode? a, JsonNode? b) => (a, b) switch
    {
        (null, null) => true,
        (JsonObject x, JsonObject y) => x.Count == y.Count && x.All(field => y.ContainsKey(field.Key) && Same(field.Value, y[field.Key])),
        (JsonArray x, JsonArray y) => x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second)),
        (JsonValue x, JsonValue y) when x.GetValueKind() == JsonValueKind.Number && y.GetValueKind() == JsonValueKind.Number =>
            double.Parse(x.ToJsonString()) == double.Parse(y.ToJsonString()),
        _ => JsonNode.DeepEquals(a, b),
    };
}
