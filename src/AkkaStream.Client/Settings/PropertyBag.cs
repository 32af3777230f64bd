using System.Globalization;

namespace AkkaStream.Client.Settings;

/// <summary>
/// Kafka's client properties by name, read one by one into typed settings. What was never asked for and is no name of Kafka's
/// is told with the nearest known name. Used while settings are made, on one thread.
/// </summary>
sealed class PropertyBag(IReadOnlyDictionary<string, string> properties)
{
    readonly HashSet<string> _asked = [];

    public string? Text(string name)
    {
        _asked.Add(name);
        return properties.TryGetValue(name, out var value) ? value.Trim() : null;
    }

    public string Text(string name, string otherwise) => Text(name) is { Length: > 0 } text ? text : otherwise;

    public bool Bool(string name, bool otherwise) => Text(name) switch
    {
        null => otherwise,
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        var text => throw Wrong(name, text, "true or false"),
    };

    public int Int(string name, int otherwise, int min = int.MinValue)
    {
        if (Text(name) is not { } text) return otherwise;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)) throw Wrong(name, text,
            "a whole number");
        return value >= min ? value : throw Wrong(name, text, $"at least {min}");
    }

    public long Long(string name, long otherwise, long min = long.MinValue)
    {
        if (Text(name) is not { } text) return otherwise;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) throw Wrong(name, text,
            "a whole number");
        return value >= min ? value : throw Wrong(name, text, $"at least {min}");
    }

    public double Double(string name, double otherwise)
    {
        if (Text(name) is not { } text) return otherwise;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw Wrong(name, text, "a number");
    }

    public TimeSpan Milliseconds(string name, TimeSpan otherwise) =>
        TimeSpan.FromMilliseconds(Long(name, (long)otherwise.TotalMilliseconds, 0));

    public string OneOf(string name, string otherwise, params ReadOnlySpan<string> allowed)
    {
        if (Text(name) is not { } text) return otherwise;
        foreach (var value in allowed)
            if (value.Equals(text, StringComparison.OrdinalIgnoreCase)) return value;
        throw Wrong(name, text, $"one of {string.Join(", ", allowed.ToArray())}");
    }

    public string[] List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Names that nothing here reads and that are no client property of Kafka, each with the nearest known one.</summary>
    public IReadOnlyList<string> Unknown()
    {
        var unknown = new List<string>();
        foreach (var name in properties.Keys)
        {
            if (_asked.Contains(name) || KnownProperties.IsKnown(name)) continue;
            var nearest = KnownProperties.Nearest(name);
            unknown.Add(nearest is null ? name : $"{name} (did you mean {nearest}?)");
        }
        return unknown;
    }

    public static KafkaConfigException Wrong(string name, string value, string wanted) =>
        new(name, $"Invalid value {value} for configuration {name}: must be {wanted}.");
}
