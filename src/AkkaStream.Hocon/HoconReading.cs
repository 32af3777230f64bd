using System.Globalization;

namespace AkkaStream.Hocon;

/// <summary>
/// A node as a value of a wanted type. Each reader gives null when it succeeds, otherwise what was expected, so that
/// <see cref="HoconConfig"/> can throw it and <see cref="SettingsBinder"/> can gather it with other complaints.
/// </summary>
static class HoconReading
{
    const string WholeNumberExpected = "a whole number such as 3";
    const string ListExpected = "a list of texts such as [a, b]";

    public static string? Text(HoconNode node, out string text)
    {
        text = node.Text;
        return node.IsScalar ? null : "a text; put it in double quotes if it holds special characters";
    }

    public static string? Boolean(HoconNode node, out bool value)
    {
        value = node.Text is "true" or "yes" or "on";
        return node.IsScalar && (value || node.Text is "false" or "no" or "off") ? null : "true or false";
    }

    public static string? Int64(HoconNode node, out long value)
    {
        value = 0;
        if (!node.IsScalar) return WholeNumberExpected;
        if (long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return null;

        // 1e3 and 5.0 are whole numbers, too, only written otherwise.
        if (Syntax.DocumentReader.IsNumber(node.Text)
            && decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue)
        {
            value = (long)number;
            return null;
        }

        return WholeNumberExpected;
    }

    public static string? Double(HoconNode node, out double value)
    {
        value = 0;
        return node.IsScalar
            && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value) ? null : "a number such as 0.5";
    }

    public static string? Duration(HoconNode node, DurationUnit unitless, out TimeSpan value)
    {
        if (node.IsScalar) return HoconUnits.ReadDuration(node.Text, unitless, out value);
        value = default;
        return HoconUnits.ReadDuration("", unitless, out _);
    }

    public static string? Period(HoconNode node, out HoconPeriod value) =>
        HoconUnits.ReadPeriod(node.IsScalar ? node.Text : "", out value);

    public static string? Size(HoconNode node, out long value) =>
        HoconUnits.ReadSize(node.IsScalar ? node.Text : "", out value);

    /// <summary>
    /// Kafka writes lists with commas in one text; both forms mean the same, so files can be copied over.
    /// </summary>
    public static string? TextList(HoconNode node, out IReadOnlyList<string> values)
    {
        values = [];
        if (node.IsScalar)
        {
            values = node.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return null;
        }

        if (node.ItemsOrNumberedFields() is not { } items) return ListExpected;
        var texts = new List<string>(items.Count);
        foreach (var item in items)
        {
            if (!item.IsScalar) return ListExpected;
            texts.Add(item.Text);
        }

        values = texts;
        return null;
    }

    /// <summary>What stands there, for the end of a complaint.</summary>
    public static string Describe(HoconNode node) => node switch
    {
        { IsScalar: true } => $"\"{node.Text}\"",
        { Kind: HoconKind.List } => "a list",
        { Kind: HoconKind.Null } => "null",
        _ => "an object",
    };
}
