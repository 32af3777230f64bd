using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AkkaStream.TestKit.Twin;

/// <summary>Replaces what two right brokers may answer differently. The rules stand in tests/golden/twin/README.md.</summary>
sealed partial class TwinNormal
{
    static readonly HashSet<string> Free =
    [
        "throttleTimeMs", "host", "port", "clusterId", "clientHost", "logDir", "totalBytes", "usableBytes", "finalizedFeaturesEpoch",
        "brokerEpoch", "rack", "issueTimestampMs",
    ];
    static readonly HashSet<string> Nodes =
    [
        "nodeId", "brokerId", "leaderId", "controllerId", "replicaNodes", "isrNodes", "offlineReplicas", "replicas", "eligibleLeaderReplicas",
        "lastKnownElr", "leader", "addingReplicas", "removingReplicas", "replicaId",
    ];
    static readonly HashSet<string> Ids =
        ["topicId", "memberId", "producerId", "sessionId", "leader", "clientInstanceId", "directoryId", "replicaDirectoryId"];
    static readonly string[] Keys =
    [
        "name", "topic", "topicName", "topicId", "groupId", "partitionIndex", "partition", "index", "apiKey", "resourceType", "resourceName",
        "transactionalId", "producerId", "memberId", "key", "user", "nodeId", "feature", "configName",
    ];

    readonly TwinPlayer _player;
    readonly SortedDictionary<string, string> _texts;
    readonly List<Regex> _ignore, _only, _keep;
    readonly OrderedDictionary<string, string> _names = [];
    readonly Dictionary<long, string> _numbers = [];
    readonly bool _isOrdered;

    public TwinNormal(TwinPlayer player, JsonObject step, SortedDictionary<string, string> texts)
    {
        _player = player;
        _texts = texts;
        _ignore = [.. step.Items("ignore").Select(p => Glob(p.Text()))];
        _only = [.. step.Items("only").Select(p => Glob(p.Text()))];
        _keep = [.. step.Items("keep").Select(p => Glob(p.Text()))];
        _isOrdered = step.Flag("ordered");
        foreach (var (name, value) in player.Variables)
        {
            if (name is "host" or "port" or "now" or "node") continue;
            if (value.IsText() && value.Text() is { Length: >= 5 } text && text != MessageForm.ZeroId) _names[text] = name;
            if (value.IsWhole(out long number)) _numbers.TryAdd(number, name);
        }
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex UuidText();

    [GeneratedRegex("^[A-Za-z0-9_-]{22}$")]
    private static partial Regex IdText();

    public JsonNode Of(JsonObject raw)
    {
        var shown = (JsonObject)raw.DeepClone();
        if (shown.Has("answer")) shown["answer"] = TryWalk(raw["answer"], "", "", out var answer) ? answer : new JsonObject();
        return shown.Settled()!;
    }

    static Regex Glob(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part =>
            part switch { "**" => "(/[^/]+)*", "*" => "/[^/]+", _ => "/" + Regex.Escape(part) });
        return new Regex($"^{string.Concat(parts)}$", RegexOptions.CultureInvariant);
    }

    static bool Hits(List<Regex> globs, string path) => globs.Exists(g => g.IsMatch(path));

    /// <summary>False when the node is left out.</summary>
    bool TryWalk(JsonNode? node, string name, string path, out JsonNode? result)
    {
        result = null;
        if (_ignore.Count > 0 && Hits(_ignore, path)) return false;
        return node switch
        {
            JsonObject json => TryObject(json, path, out result),
            JsonArray array => TryArray(array, name, path, out result),
            _ => (_only.Count == 0 || Hits(_only, path)) && TryLeaf(node, name, path, out result),
        };
    }

    bool TryObject(JsonObject json, string path, out JsonNode? result)
    {
        var walked = new JsonObject();
        result = walked;
        foreach (var (name, value) in json)
        {
            if (name == "_partial")
            {
                _texts[path] = "part of a batch";
                return false;
            }

            if (TryWalk(value, name, $"{path}/{name}", out var inner)) walked[name] = inner;
        }

        return walked.Count > 0 || json.Count == 0;
    }

    bool TryArray(JsonArray array, string name, string path, out JsonNode? result)
    {
        bool keepsMine = Hits(_keep, path);
        var items = new List<JsonNode?>();
        for (int i = 0; i < array.Count; i++)
        {
            if (keepsMine && !array[i].Line().Contains(_player.RunName, StringComparison.Ordinal)) continue;
            if (TryWalk(array[i], name, $"{path}/{i}", out var item)) items.Add(item);
        }

        bool isRecords = name is "records" or "r" or "h";
        result = new JsonArray([.. isRecords || _isOrdered ? items.AsEnumerable() : items.OrderBy(SortKey, StringComparer.Ordinal)]);
        return _only.Count == 0 || items.Count > 0;
    }

    static string SortKey(JsonNode? node)
    {
        if (node.IsWhole(out long number)) return number.ToString("D20");
        if (node is not JsonObject json) return node.Line();
        var parts = Keys.Where(json.Has).Select(k => json[k].IsWhole(out long value) ? value.ToString("D12") : json[k].Line());
        return $"{string.Concat(parts.Select(p => p + " "))}{json.Line()}";
    }

    bool TryLeaf(JsonNode? node, string name, string path, out JsonNode? result)
    {
        result = node?.DeepClone();
        bool isWhole = node.IsWhole(out long number);
        if (TwinErrors.IsErrorCode(name) && isWhole) return Say(TwinErrors.Show(number), out result);
        if ((name is "errorMessage" or "message" || name.EndsWith("ErrorMessage", StringComparison.Ordinal)) && (node is null || node.IsText()))
        {
            _texts[path] = node is null ? "null" : Known(node.Text());
            return false;
        }

        if (Free.Contains(name)) return false;
        if (node is null) return true;
        if (isWhole) return TryNumber(number, name, ref result);
        if (!node.IsText()) return true;
        string text = node.Text(), known = Known(text);
        if (known == text && IdText().IsMatch(text) && name == "memberId") return Say("<memberId>", out result);
        bool isId = name is "topicId" or "directoryId" && text.Length > 0 && text != MessageForm.ZeroId;
        return Say(known == text && isId ? $"<{name}>" : known, out result);
    }

    bool TryNumber(long number, string name, ref JsonNode? result)
    {
        const long Day = 86_400_000, Hour = 3_600_000;
        if (Nodes.Contains(name) && number is >= int.MinValue and <= int.MaxValue)
            return number != _player.Node || Say("${node}", out result);
        bool isTime = name.Contains("timestamp", StringComparison.OrdinalIgnoreCase) || name.EndsWith("timems", StringComparison.OrdinalIgnoreCase);
        if (isTime && number > _player.Now - Day && number < _player.Now + 200 * Day)
            return Say(number < _player.Now + Hour ? $"T+{number - _player.Now}" : "<now>", out result);
        if (Ids.Contains(name) && number > 0) return Say(_numbers.TryGetValue(number, out string? variable) ? $"${{{variable}}}" : $"<{name}>", out result);
        return true;
    }

    static bool Say(string text, out JsonNode? result)
    {
        result = JsonValue.Create(text);
        return true;
    }

    string Known(string text)
    {
        foreach (var (value, name) in _names) text = text.Replace(value, $"${{{name}}}", StringComparison.Ordinal);
        return UuidText().Replace(text, "<uuid>");
    }
}
