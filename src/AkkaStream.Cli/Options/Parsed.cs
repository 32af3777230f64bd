using System.Globalization;

namespace AkkaStream.Cli.Options;

/// <summary>What stood on a command line.</summary>
sealed class Parsed(OptionSet options)
{
    readonly Dictionary<string, List<string?>> _values = [];

    public OptionSet Options => options;

    readonly List<(string Name, string? Value)> _inOrder = [];

    /// <summary>As they stood on the line.</summary>
    public IReadOnlyList<(string Name, string? Value)> InOrder => _inOrder;

    public void Set(string name, string? value)
    {
        _inOrder.Add((name, value));
        if (!_values.TryGetValue(name, out var list)) _values[name] = list = [];
        list.Add(value);
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.TryGetValue(name, out var list) ? list[^1] : null;

    public IReadOnlyList<string> All(string name) =>
        _values.TryGetValue(name, out var list) ? [.. list.Select(v => v ?? "")] : [];

    public string Required(string name) => Text(name) ?? throw new UsageException($"Missing required argument \"[{name}]\"");

    public int? Int(string name)
    {
        if (Text(name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value : throw NotANumber(name, text);
    }

    public long? Long(string name)
    {
        if (Text(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value : throw NotANumber(name, text);
    }

    static UsageException NotANumber(string name, string text) => new($"Cannot parse argument '{text}' of option {name}: a whole number is needed");

    /// <summary>The one option must not stand beside any of the others.</summary>
    public void Forbid(string option, params ReadOnlySpan<string> others)
    {
        if (!Has(option)) return;
        foreach (string other in others)
            if (Has(other)) throw new UsageException($"Option \"[{option}]\" can't be used with option \"[{other}]\"");
    }

    /// <summary>The option makes sense only beside one of the others.</summary>
    public void Needs(string option, params ReadOnlySpan<string> others)
    {
        if (!Has(option)) return;
        foreach (string other in others)
            if (Has(other)) return;
        throw new UsageException($"Option \"[{option}]\" can only be used with {string.Join(" or ", others.ToArray().Select(o => "--" + o))}");
    }

    public int Count(params ReadOnlySpan<string> names)
    {
        int count = 0;
        foreach (string name in names)
            if (Has(name)) count++;
        return count;
    }
}
