using System.Globalization;

namespace AkkaStream.Metadata.Configs;

/// <summary>
/// Which values of the right type are allowed. <see cref="ToString"/> is how Kafka writes the rule down; a refusal
/// reads as Kafka's. Rules with a grammar of their own are in <c>SpecialRules.cs</c>.
/// </summary>
public abstract class ConfigRule
{
    /// <summary>Null when allowed, otherwise the whole message.</summary>
    public abstract string? Check(string name, ConfigValue value);
}

/// <summary>The rules that many settings share, under short names that make the tables readable.</summary>
static class ConfigRules
{
    public static ConfigRule Min(long min) => new RangeRule(min, null);

    public static ConfigRule Between(double min, double max) => new RangeRule(min, max);

    public static ConfigRule OneOf(params string[] words) => new WordRule(words, ignoreCase: false);

    public static ConfigRule OneOfAnyCase(params string[] words) => new WordRule(words, ignoreCase: true);

    /// <summary>A list whose items are not empty; said twice counts once.</summary>
    public static ConfigRule Items { get; } = new ListRule([], mayBeEmpty: true);

    public static ConfigRule SomeItems { get; } = new ListRule([], mayBeEmpty: false);

    public static ConfigRule ItemsOf(params string[] words) => new ListRule(words, mayBeEmpty: true);

    public static ConfigRule SomeItemsOf(params string[] words) => new ListRule(words, mayBeEmpty: false);

    public static ConfigRule NotEmpty { get; } = new TextRule("non-empty string", mayBeEmpty: false);

    public static ConfigRule NotNull { get; } = new TextRule("non-null string", mayBeEmpty: true);
}

sealed class RangeRule(double min, double? max) : ConfigRule
{
    public override string? Check(string name, ConfigValue value)
    {
        // All bounds in the tables are small enough to be exact as doubles; values need not be.
        var tooLow = value.Type == ConfigType.Double ? value.Real < min : value.Number < min;
        if (tooLow) return ConfigValue.Refusal(name, value.Text, $"Value must be at least {Show(min)}");
        var tooHigh = max is { } limit && (value.Type == ConfigType.Double ? value.Real > limit : value.Number > limit);
        return tooHigh ? ConfigValue.Refusal(name, value.Text, $"Value must be no more than {Show(max ?? 0)}") : null;
    }

    public override string ToString() => max is { } limit ? $"[{Show(min)},...,{Show(limit)}]" : $"[{Show(min)},...]";

    static string Show(double bound) => bound.ToString(CultureInfo.InvariantCulture);
}

sealed class WordRule(string[] words, bool ignoreCase) : ConfigRule
{
    public override string? Check(string name, ConfigValue value)
    {
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (Array.Exists(words, word => word.Equals(value.Text, comparison))) return null;
        return ConfigValue.Refusal(name, value.Text,
            $"String must be one of{(ignoreCase ? " (case insensitive)" : "")}: {string.Join(", ", words)}");
    }

    public override string ToString() => (ignoreCase ? "(case insensitive) " : "") + JavaText.Show(words);
}

sealed class ListRule(string[] words, bool mayBeEmpty) : ConfigRule
{
    public override string? Check(string name, ConfigValue value)
    {
        if (value.Items.Count == 0 && !mayBeEmpty)
        {
            var valid = words.Length == 0 ? "any non-empty value" : JavaText.Show(words);
            return $"Configuration '{name}' must not be empty. Valid values include: {valid}";
        }

        foreach (var item in value.Items)
        {
            if (item.Length == 0) return $"Configuration '{name}' values must not be empty.";
            if (words.Length > 0 && !words.Contains(item))
                return ConfigValue.Refusal(name, item, $"String must be one of: {string.Join(", ", words)}");
        }

        return null;
    }

    public override string ToString() => words.Length == 0 ? "" : JavaText.Show(words);
}

sealed class TextRule(string words, bool mayBeEmpty) : ConfigRule
{
    public override string? Check(string name, ConfigValue value) =>
        value.Text.Length > 0 || mayBeEmpty ? null : ConfigValue.Refusal(name, value.Text, "String must be non-empty");

    public override string ToString() => words;
}
