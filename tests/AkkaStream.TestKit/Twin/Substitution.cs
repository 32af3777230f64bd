using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AkkaStream.TestKit.Twin;

/// <summary>Finds what a name stands for; false when there is no such name.</summary>
delegate bool Lookup(string name, out JsonNode? value);

/// <summary>A step names what no earlier step has captured.</summary>
public sealed class MissingVariableException(string name, string message) : Exception(message)
{
    public string Name { get; } = name;
}

/// <summary>
/// Fills ${name}, ${name.part}, ${name+5}, ${name?default} into a step; ${name.part?} leaves the field out when there is no such
/// part. A text that is one variable and nothing else takes the variable's type.
/// </summary>
sealed partial class Substitution(Lookup lookup, bool isStrict)
{
    [GeneratedRegex(@"\$\{([A-Za-z0-9_.]+)([+-][0-9]+)?(\?([^}]*))?\}")]
    private static partial Regex Variable();

    enum Found
    {
        Value,
        Unknown,
        LeftOut,
    }

    /// <summary>False when the whole node is to be left out.</summary>
    public bool Try(JsonNode? node, out JsonNode? result)
    {
        result = null;
        switch (node)
        {
            case JsonObject json:
                result = OfObject(json);
                return true;
            case JsonArray array:
                var items = new JsonArray();
                foreach (var item in array)
                    if (Try(item, out var value)) items.Add(value);
                result = items;
                return true;
            default:
                return TryText(node, out result);
        }
    }

    public JsonObject Of(JsonObject json) => OfObject(json);

    JsonObject OfObject(JsonObject json)
    {
        var result = new JsonObject();
        foreach (var (name, value) in json)
        {
            // The steps of a loop are filled in when they are unrolled.
            if (name == "steps") result[name] = value?.DeepClone();
            else if (Try(value, out var filled)) result[Fill(name)] = filled;
        }

        return result;
    }

    bool TryText(JsonNode? node, out JsonNode? result)
    {
        result = node?.DeepClone();
        if (!node.IsText() || !node.Text().Contains("${", StringComparison.Ordinal)) return true;
        string text = node.Text();
        var match = Variable().Match(text);
        if (!match.Success || match.Length != text.Length)
        {
            result = JsonValue.Create(Fill(text));
            return true;
        }

        switch (Get(match, out var value))
        {
            case Found.Unknown: return true;
            case Found.LeftOut: return false;
            default:
                if (value.IsText() && value.Text() == text) return true;
                return Try(value, out result);
        }
    }

    string Fill(string text) => !text.Contains("${", StringComparison.Ordinal) ? text : Variable().Replace(text, match =>
        Get(match, out var value) switch
        {
            Found.Unknown => match.Value,
            Found.LeftOut => "",
            _ => Fill(value.Text()),
        });

    Found Get(Match match, out JsonNode? value)
    {
        string[] parts = match.Groups[1].Value.Split('.');
        if (!lookup(parts[0], out value))
            return isStrict ? throw new MissingVariableException(parts[0], $"nothing was captured as {parts[0]}") : Found.Unknown;
        foreach (string part in parts[1..])
        {
            if (TryPart(value, part, out var inner))
            {
                value = inner;
                continue;
            }

            if (!match.Groups[3].Success)
                throw new MissingVariableException(parts[0], $"${{{match.Groups[1].Value}}} names no part of {value.Line()}");
            return Otherwise(match.Groups[4].Value, out value);
        }

        if (match.Groups[2].Success) value = JsonValue.Create(long.Parse(value.Text()) + long.Parse(match.Groups[2].Value));
        return Found.Value;
    }

    static bool TryPart(JsonNode? node, string part, out JsonNode? value)
    {
        value = null;
        if (node is not JsonArray array) return node is JsonObject json && json.TryGetPropertyValue(part, out value);
        int index = int.Parse(part);
        if (index >= array.Count) return false;
        value = array[index];
        return true;
    }

    static Found Otherwise(string text, out JsonNode? value)
    {
        value = null;
        if (text.Length == 0) return Found.LeftOut;
        try
        {
            value = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            value = JsonValue.Create(text);
        }

        return Found.Value;
    }
}
