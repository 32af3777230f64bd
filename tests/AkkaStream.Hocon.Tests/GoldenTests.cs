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

    [Fact]
    public void Any_Json_means_the_same_as_to_a_Json_reader()
    {
        const int seed = 77;
        var random = new Random(seed);
        for (var run = 0; run < 2000; run++)
        {
            var json = Random(random, depth: 0)!;
            var text = json.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 });

            var read = Json(HoconParser.Parse(text).ResolveNode());

            Assert.True(Same(json, read), $"seed {seed}, run {run}: {text}\nfound {read?.ToJsonString()}");
        }
    }

    static JsonNode? Random(Random random, int depth) => random.Next(depth == 0 ? 2 : depth > 4 ? 6 : 8) switch
    {
        0 when depth < 5 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Random(random, depth + 1))]),
        1 when depth < 5 => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(i =>
            KeyValuePair.Create($"{i}{RandomText(random)}", Random(random, depth + 1)))),
        2 => null,
        3 => JsonValue.Create(random.Next(2) == 0),
        4 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        5 => JsonValue.Create(random.NextDouble() * Math.Pow(10, random.Next(-20, 20))),
        _ => JsonValue.Create(RandomText(random)),
    };

    static string RandomText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => "ab.\"\\/\n\t\u0001ü€ ${}[],:=#+-1e"[random.Next(25)]));

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
