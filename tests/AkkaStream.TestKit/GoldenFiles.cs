using System.IO.Compression;
using System.Text.Json;

namespace AkkaStream.TestKit;

/// <summary>Kafka's own bytes and facts under tests/golden, wherever the test runs from.</summary>
public static class GoldenFiles
{
    public static string Root { get; } = Path.Combine(FindRepository(), "tests", "golden");

    public static JsonElement Json(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, name)));
        return document.RootElement.Clone();
    }

    /// <summary>One JSON object per line; unpacked on the way if the name ends in .gz.</summary>
    public static IEnumerable<JsonElement> Lines(string name)
    {
        using Stream file = File.OpenRead(Path.Combine(Root, name));
        using Stream plain = name.EndsWith(".gz") ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    static string FindRepository()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "AkkaStream.sln"))) return at.FullName;
        throw new DirectoryNotFoundException($"no AkkaStream.sln above {AppContext.BaseDirectory}");
    }
}
