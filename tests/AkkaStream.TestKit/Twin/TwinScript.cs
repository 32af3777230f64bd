using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

/// <summary>One thing to do, loops and calls unrolled. Setup must succeed and is not compared.</summary>
public sealed record TwinStep(string Script, int Index, string Label, JsonObject Json, bool IsSetup)
{
    /// <summary>The API that the step asks, if it asks one.</summary>
    public ApiKey? Api => Json.TryGetPropertyValue("api", out var api) ? Enum.Parse<ApiKey>(api!.GetValue<string>()) : null;

    public override string ToString() => $"{Script} #{Index} {Label}";
}

/// <summary>
/// Reads a script, a sequence of JSON objects with comments, and unrolls it into one flat list of steps that is the same for every
/// broker. What scripts may say stands in tests/golden/twin/README.md.
/// </summary>
public sealed class TwinScript
{
    static readonly JsonReaderOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowMultipleValues = true,
    };

    readonly string _name;
    readonly Dictionary<string, JsonObject> _definitions = [];
    readonly List<TwinStep> _steps = [];

    TwinScript(string name) => _name = name;

    /// <param name="path">A file; _lib.json beside it and above it holds shared pieces.</param>
    public static IReadOnlyList<TwinStep> Load(string path)
    {
        var script = new TwinScript(Path.GetFileNameWithoutExtension(path));
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (string at in new[] { Path.GetDirectoryName(folder)!, folder })
        {
            string shared = Path.Combine(at, "_lib.json");
            if (File.Exists(shared)) script.Define(Read(shared));
        }

        if (script._definitions.TryGetValue("warm", out var warm)) script.Expand(warm["steps"]!.AsArray(), new Scope(), isSetup: true, "");
        script.Expand(script.Define(Read(path)), new Scope(), isSetup: false, "");
        return script._steps;
    }

    /// <summary>Keeps the definitions and returns the rest.</summary>
    List<JsonNode?> Define(List<JsonObject> read)
    {
        foreach (var definition in read.Where(n => n.Has("def"))) _definitions[definition["def"].Text()] = definition;
        return [.. read.Where(n => !n.Has("def"))];
    }

    static List<JsonObject> Read(string path)
    {
        var result = new List<JsonObject>();
        var reader = new Utf8JsonReader(File.ReadAllBytes(path), Lenient);
        try
        {
            while (reader.Read()) result.Add(JsonNode.Parse(ref reader)!.AsObject());
            return result;
        }
        catch (JsonException mistake)
        {
            throw new InvalidDataException($"{path}: {mistake.Message}", mistake);
        }
    }

    void Expand(IEnumerable<JsonNode?> steps, Scope scope, bool isSetup, string where)
    {
        foreach (var node in steps)
        {
            var json = node!.AsObject();
            if (json["for"] is JsonObject loop) Loop(json, [.. loop.Select(p => p.Key)], 0, scope, isSetup, where);
            else if (json.Has("call")) Call(json, scope, isSetup, where);
            else Add(scope.Filler.Of(json), isSetup, where);
        }
    }

    void Call(JsonObject json, Scope scope, bool isSetup, string where)
    {
        string name = json["call"].Text();
        if (!_definitions.TryGetValue(name, out var definition)) throw new InvalidDataException($"{_name} calls {name}, which no def describes");
        var inner = new Scope();
        foreach (var (argument, value) in definition["args"] as JsonObject ?? []) inner[argument] = value;
        foreach (var (argument, value) in scope.Filler.Of(json["with"] as JsonObject ?? []))
        {
            if (!inner.Has(argument)) throw new InvalidDataException($"{_name}: {name} has no argument {argument}");
            inner[argument] = value;
        }

        Expand(definition["steps"]!.AsArray(), inner, isSetup || definition.Flag("setup"), where);
    }

    void Loop(JsonObject json, List<string> names, int at, Scope scope, bool isSetup, string where)
    {
        if (at == names.Count)
        {
            Expand(json["steps"]!.AsArray(), scope, isSetup, where);
            return;
        }

        scope.Filler.Try(json["for"]![names[at]], out var over);
        foreach (var value in over.IsText() ? VersionsNamed(over.Text()) : over!.AsArray())
        {
            var inner = new Scope(scope) { [names[at]] = value };
            string mark = names[at] == "v" ? "" : value is JsonObject o ? o.Text("n", "") : $"{names[at]}={value.Text()}";
            Loop(json, names, at + 1, inner, isSetup, mark.Length == 0 ? where : $"{where} [{mark}]");
        }
    }

    void Add(JsonObject step, bool isSetup, string where)
    {
        if (step.Has("versions") && !VersionSet.Parse(step["versions"].Text()).Contains(step.Int("v", 0))) return;
        string name = step.Text("name", "");
        if (step.Has("api")) name = $"{step["api"].Text()} v{step.Text("v", "")}{(name.Length == 0 ? "" : ", " + name)}";
        else if (name.Length == 0) name = $"{step.First().Key} {step.First().Value.Text()}";
        _steps.Add(new TwinStep(_name, _steps.Count, name + where, step, isSetup || step.Flag("setup")));
    }

    /// <summary>"Produce": every version served; "Produce 5+" and "Produce 3-8": part of them; "1-4": these numbers.</summary>
    static JsonArray VersionsNamed(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!char.IsLetter(parts[0][0]))
        {
            var numbers = VersionSet.Parse(parts[0]);
            return [.. Enumerable.Range(numbers.Low, numbers.High - numbers.Low + 1).Select(v => JsonValue.Create(v))];
        }

        var key = Enum.Parse<ApiKey>(parts[0]);
        var some = parts.Length > 1 ? VersionSet.Parse(parts[1]) : VersionSet.All;
        int low = ApiTable.Versions(key).Lowest, high = ApiTable.Advertised(key).Highest;
        return [.. Enumerable.Range(low, high - low + 1).Where(v => some.Contains(v)).Select(v => JsonValue.Create(v))];
    }

    /// <summary>What the names of loops and arguments stand for; other names stay in the text.</summary>
    sealed class Scope
    {
        readonly Dictionary<string, JsonNode?> _values;

        public Scope(Scope? outer = null)
        {
            _values = outer is null ? [] : new(outer._values);
            Filler = new Substitution(_values.TryGetValue, isStrict: false);
        }

        public Substitution Filler { get; }

        public JsonNode? this[string name]
        {
            set => _values[name] = value;
        }

        public bool Has(string name) => _values.ContainsKey(name);
    }
}
