using System;
using System.Globalization;

namespace AkkaStream.Protocol.Generator;

/// <summary>
/// Versions from low to high, both included, as the attributes write them: "3-13", "9+", "4", "none".
/// </summary>
readonly record struct Versions(int Low, int High)
{
    public static readonly Versions None = new(0, -1);
    public static readonly Versions All = new(0, short.MaxValue);

    public bool IsEmpty => High < Low;

    public bool Contains(int version) => version >= Low && version <= High;

    public bool Covers(Versions other) => other.IsEmpty || (Low <= other.Low && High >= other.High);

    public Versions Intersect(Versions other)
    {
        var common = new Versions(Math.Max(Low, other.Low), Math.Min(High, other.High));
        return common.IsEmpty ? None : common;
    }

    /// <summary>The smallest range that holds both.</summary>
    public Versions Hull(Versions other) =>
        IsEmpty ? other : other.IsEmpty ? this : new Versions(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>
    /// A C# condition on <c>version</c> that is true for these versions, given that version is one of
    /// <paramref name="possible"/>; "true" and "false" where that settles it.
    /// </summary>
    public string Condition(Versions possible)
    {
        if (Intersect(possible).IsEmpty) return "false";
        if (Covers(possible)) return "true";
        if (High >= possible.High) return $"version >= {Low}";
        if (Low <= possible.Low) return $"version <= {High}";
        return Low == High ? $"version == {Low}" : $"version is >= {Low} and <= {High}";
    }

    public override string ToString() =>
        IsEmpty ? "none" : High == short.MaxValue ? $"{Low}+" : Low == High ? $"{Low}" : $"{Low}-{High}";

    public static bool TryParse(string? text, out Versions versions)
    {
        versions = None;
        if (text is null) return false;
        if (text == "none") return true;
        if (text.EndsWith("+", StringComparison.Ordinal))
        {
            if (!TryNumber(text.Substring(0, text.Length - 1), out int from)) return false;
            versions = new Versions(from, short.MaxValue);
            return true;
        }

        int dash = text.IndexOf('-');
        string low = dash < 0 ? text : text.Substring(0, dash);
        string high = dash < 0 ? text : text.Substring(dash + 1);
        if (!TryNumber(low, out int first) || !TryNumber(high, out int last) || last < first) return false;
        versions = new Versions(first, last);
        return true;
    }

    static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < short.MaxValue;
}
