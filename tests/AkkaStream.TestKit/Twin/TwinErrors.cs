using System.Text.Json.Nodes;

namespace AkkaStream.TestKit.Twin;

/// <summary>Error codes wherever they stand in an answer, and their names.</summary>
static class TwinErrors
{
    static readonly Lazy<Dictionary<long, string>> Names = new(() =>
        GoldenFiles.Json("errors.json").EnumerateArray().ToDictionary(e => e.GetProperty("code").GetInt64(), e => e.GetProperty("name").GetString()!));

    public static bool IsErrorCode(string field) => field.EndsWith("errorcode", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<long> In(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(p => IsErrorCode(p.Key) && p.Value.IsWhole(out long code) ? [code] : In(p.Value)),
        JsonArray array => array.SelectMany(In),
        _ => [],
    };

    public static string Show(long code) => $"{code} {(Names.Value.TryGetValue(code, out string? name) ? name : "?")}";
}
