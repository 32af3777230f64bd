using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol;

namespace AkkaStream.TestKit.Twin;

public enum TwinOutcome
{
    /// <summary>Setup that went well: nothing to compare.</summary>
    Prepared,
    Matched,
    Different,

    /// <summary>The step asks for what the broker does not advertise, or stands on the answer of such a step.</summary>
    NotServed,
}

/// <param name="NotServed">The API that is missing.</param>
/// <param name="Differences">Each with its place, what was recorded and what came.</param>
public sealed record TwinVerdict(TwinStep Step, TwinOutcome Outcome, IReadOnlyList<string> Differences, ApiKey? NotServed = null);

/// <summary>Plays a whole script and compares each answer with the recorded one.</summary>
public sealed class TwinJudge
{
    const int LostSetups = 3;

    readonly TwinPlayer _player;
    readonly Dictionary<string, ApiKey> _missing = [], _unsent = [];
    readonly List<TwinVerdict> _verdicts = [];
    int _lost;

    TwinJudge(TwinPlayer player) => _player = player;

    public static async Task<IReadOnlyList<TwinVerdict>> JudgeAsync(
        TwinPlayer player, IReadOnlyList<TwinStep> steps, IReadOnlyList<JsonElement> recorded)
    {
        if (steps.Count != recorded.Count)
            throw new InvalidDataException($"{steps[0].Script} has {steps.Count} steps but {recorded.Count} recorded answers");
        var judge = new TwinJudge(player);
        for (int i = 0; i < steps.Count; i++)
        {
            string label = recorded[i].GetProperty("label").GetString()!;
            if (label != steps[i].Label) throw new InvalidDataException($"{steps[i]}: the recorded answer is of {label}");
            judge._verdicts.Add(await judge.JudgeAsync(steps[i], recorded[i]).ConfigureAwait(false));
        }

        return judge._verdicts;
    }

    async Task<TwinVerdict> JudgeAsync(TwinStep step, JsonElement recorded)
    {
        if (_lost >= LostSetups) return Failed(step, "not played, three steps of setup have failed");
        if (Needs(step.Json) is { } api && !_player.Served.ContainsKey(api)) return NotServed(step, api);
        if ((step.Json["await"] ?? step.Json["still"]) is JsonValue id && _unsent.TryGetValue(id.Text(), out var unsent)) return NotServed(step, unsent);
        var result = await _player.PlayAsync(step).ConfigureAwait(false);
        if (result.Missing is { } name && _missing.TryGetValue(name, out var source)) return NotServed(step, source);
        if (Trouble(step, result) is { } trouble)
        {
            if (step.IsSetup) _lost++;
            return Failed(step, trouble);
        }

        if (step.IsSetup) return new TwinVerdict(step, TwinOutcome.Prepared, []);
        var differences = new List<string>();
        var expected = JsonNode.Parse(recorded.GetProperty("result").GetRawText());
        if (step.Api == ApiKey.ApiVersions) OnlyWhatIsServed(expected?["answer"] as JsonObject, result.Shown?["answer"] as JsonObject);
        Compare("", expected, result.Shown, differences);
        if (result.OtherBytes is { } bytes) differences.Add(bytes);
        return new TwinVerdict(step, differences.Count == 0 ? TwinOutcome.Matched : TwinOutcome.Different, differences);
    }

    /// <summary>What is captured by a step that is not served is missing later on, for the same reason.</summary>
    TwinVerdict NotServed(TwinStep step, ApiKey api)
    {
        if (step.Json["set"] is JsonObject captured)
            foreach (var (name, _) in captured) _missing[name] = api;
        if (step.Json["id"] is { } id) _unsent[id.Text()] = api;
        return new TwinVerdict(step, TwinOutcome.NotServed, [], api);
    }

    static TwinVerdict Failed(TwinStep step, string trouble) => new(step, TwinOutcome.Different, [trouble]);

    /// <summary>A broker that serves less than Kafka says so; what it lists must be as Kafka lists it.</summary>
    static void OnlyWhatIsServed(JsonObject? recorded, JsonObject? ours)
    {
        foreach (var (list, key) in new[] { ("apiKeys", "apiKey"), ("supportedFeatures", "name"), ("finalizedFeatures", "name") })
        {
            if (recorded?[list] is not JsonArray all || ours?[list] is not JsonArray some) continue;
            var names = some.Select(n => n![key].Text()).ToHashSet();
            for (int i = all.Count - 1; i >= 0; i--)
                if (!names.Contains(all[i]![key].Text())) all.RemoveAt(i);
        }
    }

    /// <summary>
    /// The API that a step is about, or that it says it needs before it. Whatever is part of a transaction needs the one that ends
    /// transactions, and so does their feature.
    /// </summary>
    static ApiKey? Needs(JsonObject step)
    {
        if (step["needs"] is { } named) return Enum.Parse<ApiKey>(named.Text());
        if (!step.Has("api")) return null;
        var api = Enum.Parse<ApiKey>(step["api"].Text());
        if (api == ApiKey.UpdateFeatures && step["body"].Line().Contains("transaction.version", StringComparison.Ordinal)) return ApiKey.EndTxn;
        bool isTransactional = api is ApiKey.InitProducerId or ApiKey.Produce
            && step["body"] is JsonObject body && body["transactionalId"].IsText()
            && (api == ApiKey.InitProducerId || body.Line().Contains("\"txn\":true", StringComparison.Ordinal));
        return isTransactional ? ApiKey.EndTxn : api;
    }

    /// <summary>What makes a step fail by itself, without a comparison; null when nothing does.</summary>
    static string? Trouble(TwinStep step, TwinResult result)
    {
        if (step.Json.Flag("optional")) return null;
        if (result.Broken is not null) return result.Broken;
        if (result.Raw["_never"] is { } never) return never.Text();
        if (!step.IsSetup) return null;
        if (result.Raw.Has("closed") || result.Raw.Has("silence")) return $"setup got no answer: {result.Raw.Line()}";
        var allowed = step.Json.Items("mayFail").Select(c => c.Text()).ToHashSet();
        foreach (long code in TwinErrors.In(result.Raw))
            if (code != 0 && !allowed.Contains(code.ToString(CultureInfo.InvariantCulture))) return $"setup answered {TwinErrors.Show(code)}";
        return null;
    }

    static void Compare(string path, JsonNode? recorded, JsonNode? ours, List<string> differences)
    {
        switch (recorded, ours)
        {
            case (JsonObject a, JsonObject b):
                foreach (string name in a.Select(p => p.Key).Union(b.Select(p => p.Key)).Order(StringComparer.Ordinal))
                {
                    if (!a.Has(name)) differences.Add($"{path}/{name}  Kafka: absent  ours: {Brief(b[name])}");
                    else if (!b.Has(name)) differences.Add($"{path}/{name}  Kafka: {Brief(a[name])}  ours: absent");
                    else Compare($"{path}/{name}", a[name], b[name], differences);
                }

                break;
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                for (int i = 0; i < a.Count; i++) Compare($"{path}/{i}", a[i], b[i], differences);
                break;
            case (JsonArray a, JsonArray b):
                differences.Add($"{path}  Kafka has {a.Count}, ours {b.Count}; only Kafka: {Brief(Only(a, b))}; only ours: {Brief(Only(b, a))}");
                break;
            default:
                if (!IsSame(recorded, ours)) differences.Add($"{path}  Kafka: {Brief(recorded)}  ours: {Brief(ours)}");
                break;
        }
    }

    static bool IsSame(JsonNode? a, JsonNode? b) => a.IsNumber() && b.IsNumber()
        ? a.Text() == b.Text() || double.Parse(a.Text(), CultureInfo.InvariantCulture).Equals(double.Parse(b.Text(), CultureInfo.InvariantCulture))
        : JsonNode.DeepEquals(a, b);

    static JsonArray Only(JsonArray these, JsonArray those) =>
        [.. these.Where(a => !those.Any(b => JsonNode.DeepEquals(a, b))).Select(a => a?.DeepClone())];

    static string Brief(JsonNode? node) => node.Line() is { Length: > 300 } line ? line[..300] + "..." : node.Line();
}
