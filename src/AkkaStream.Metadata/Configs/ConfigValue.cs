using System.Globalization;

namespace AkkaStream.Metadata.Configs;

/// <summary>
/// A value that was understood: Kafka's ConfigDef in one file. Made by <see cref="ConfigKey.TryParse"/>; a message of a
/// refusal reads as Kafka's does, because clients see it. Immutable.
/// </summary>
public sealed class ConfigValue
{
    ConfigValue(ConfigType type, string text)
    {
        Type = type;
        Text = text;
    }

    public ConfigType Type { get; }

    /// <summary>
    /// As it is shown and compared: trimmed, numbers in plain form, list items with commas between them.
    /// </summary>
    public string Text { get; private init; }

    /// <summary>The value of an Int, Short or Long; 1 for true.</summary>
    public long Number { get; private init; }

    public double Real { get; private init; }

    public IReadOnlyList<string> Items { get; private init; } = [];

    public bool Flag => Number != 0;

    /// <summary>
    /// Understands a text as a type, without looking at ranges. Null when it succeeds, else Kafka's message.
    /// </summary>
    internal static string? Read(string name, ConfigType type, string text, out ConfigValue value)
    {
        var trimmed = JavaText.Trim(text);
        value = new ConfigValue(type, trimmed);
        switch (type)
        {
            case ConfigType.Boolean:
                var isTrue = trimmed.Equals("true", StringComparison.OrdinalIgnoreCase);
                if (!isTrue && !trimmed.Equals("false", StringComparison.OrdinalIgnoreCase))
                    return Refusal(name, text, "Expected value to be either true or false");
                value = new ConfigValue(type, isTrue ? "true" : "false") { Number = isTrue ? 1 : 0 };
                return null;
            case ConfigType.Int:
                return ReadInteger(name, type, text, int.MinValue, int.MaxValue, out value);
            case ConfigType.Short:
                return ReadInteger(name, type, text, short.MinValue, short.MaxValue, out value);
            case ConfigType.Long:
                return ReadInteger(name, type, text, long.MinValue, long.MaxValue, out value);
            case ConfigType.Double:
                if (!JavaText.TryParseDouble(trimmed, out var real))
                    return Refusal(name, text, "Not a number of type DOUBLE");
                value = new ConfigValue(type, JavaText.Show(real)) { Real = real };
                return null;
            case ConfigType.List:
                value = OfItems(trimmed.Length == 0 ? [] : [.. trimmed.Split(',').Select(JavaText.Trim)]);
                return null;
            default:
                return null;
        }
    }

    static string? ReadInteger(string name, ConfigType type, string text, long min, long max, out ConfigValue value)
    {
        var understood = JavaText.TryParseInteger(JavaText.Trim(text), min, max, out var number);
        value = new ConfigValue(type, number.ToString(CultureInfo.InvariantCulture)) { Number = number };
        return understood ? null : Refusal(name, text, $"Not a number of type {type.ToString().ToUpperInvariant()}");
    }

    internal static ConfigValue OfItems(IReadOnlyList<string> items) =>
        new(ConfigType.List, string.Join(',', items)) { Items = items };

    internal static ConfigValue OfNumber(long number) =>
        new(ConfigType.Long, number.ToString(CultureInfo.InvariantCulture)) { Number = number };

    internal static string Refusal(string name, string shown, string reason) =>
        $"Invalid value {shown} for configuration {name}: {reason}";
}
