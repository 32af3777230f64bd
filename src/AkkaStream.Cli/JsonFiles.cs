using System.Text.Json;

namespace AkkaStream.Cli;

/// <summary>JSON files that tools take as input; what is wrong with one is told with its name.</summary>
static class JsonFiles
{
    public static JsonDocument Open(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolFailedException($"{path} cannot be read: {e.Message}");
        }
    }

    public static JsonDocument Parse(string text, string source)
    {
        try
        {
            var document = JsonDocument.Parse(text,
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document
                : throw new ToolFailedException($"{source}: a JSON object is needed");
        }
        catch (JsonException e)
        {
            throw new ToolFailedException($"The input string is not a valid JSON ({source}): {e.Message}");
        }
    }

    public static JsonElement Required(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value : throw new ToolFailedException($"Missing field {name} in {element.GetRawText()}");
}
