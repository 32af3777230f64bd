using System.Globalization;

namespace AkkaStream.Metadata.Configs;

/// <summary>
/// Java's ways of reading and writing numbers, lists and durations, where they differ from .NET's: a value that Kafka
/// takes must be taken here, and one that is shown must look the same. Pure.
/// </summary>
static class JavaText
{
    /// <summary>Java's trim takes off everything up to the blank, and no other white space.</summary>
    public static string Trim(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && text[start] <= ' ') start++;
        while (end > start && text[end - 1] <= ' ') end--;
        return text[start..end];
    }

    /// <summary>Digits of any script, with one sign before them.</summary>
    public static bool TryParseInteger(string text, long min, long max, out long value)
    {
        if (!System.Text.Ascii.IsValid(text)) text = WithAsciiDigits(text);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max;
    }

    static string WithAsciiDigits(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(source[i]);
            span[i] = digit < 0 ? source[i] : (char)('0' + digit);
        }
    });

    /// <summary>Java's floating point literals: also with a type letter at the end, also hexadecimal.</summary>
    public static bool TryParseDouble(string text, out double value)
    {
        value = 0;
        var unsigned = text.AsSpan();
        var negative = unsigned is ['-', ..];
        if (negative || unsigned is ['+', ..]) unsigned = unsigned[1..];
        if (unsigned is "NaN")
        {
            value = double.NaN;
            return true;
        }

        if (unsigned is "Infinity") value = double.PositiveInfinity;
        else if (unsigned is ['0', 'x' or 'X', ..]) return TryParseHexadecimal(unsigned[2..], negative, out value);
        else if (!TryParseDecimal(WithoutTypeLetter(unsigned), out value)) return false;
        if (negative) value = -value;
        return true;
    }

    static ReadOnlySpan<char> WithoutTypeLetter(ReadOnlySpan<char> text) =>
        text is [.., 'd' or 'D' or 'f' or 'F'] ? text[..^1] : text;

    static bool TryParseDecimal(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        return text is [(>= '0' and <= '9') or '.', ..] && double.TryParse(
            text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }

    static bool TryParseHexadecimal(ReadOnlySpan<char> text, bool negative, out double value)
    {
        value = 0;
        text = WithoutTypeLetter(text);
        var exponentAt = text.IndexOfAny('p', 'P');
        if (exponentAt <= 0 || !int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var exponent)) return false;
        var digits = 0;
        var point = false;
        foreach (var c in text[..exponentAt])
        {
            if (c == '.' && !point)
            {
                point = true;
                continue;
            }

            if (!char.IsAsciiHexDigit(c)) return false;
            value = value * 16 + Convert.ToInt32(c.ToString(), 16);
            digits++;
            if (point) exponent -= 4;
        }

        value = Math.ScaleB(negative ? -value : value, exponent);
        return digits > 0;
    }

    /// <summary>At least one digit behind the point; an exponent below a thousandth and from ten million on.</summary>
    public static string Show(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0) return double.IsNegative(value) ? "-0.0" : "0.0";
        var digits = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(digits.AsSpan(digits.IndexOf('E') + 1), NumberStyles.AllowLeadingSign);
        var significant = Significant(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));

        // Where one digit would do, Java takes the nearest number of two.
        if (significant.Length == 1)
            significant = Significant(Math.Abs(value).ToString("E1", CultureInfo.InvariantCulture));
        var sign = value < 0 ? "-" : "";
        if (exponent is < -3 or >= 7)
            return $"{sign}{significant[0]}.{(significant.Length > 1 ? significant[1..] : "0")}E{exponent}";
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{significant}";
        var whole = significant.PadRight(exponent + 2, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{whole[(exponent + 1)..]}";
    }

    static string Significant(string shortest)
    {
        var end = shortest.IndexOf('E');
        var digits = (end < 0 ? shortest : shortest[..end]).Replace(".", "").TrimStart('0').TrimEnd('0');
        return digits.Length == 0 ? "0" : digits;
    }

    /// <summary>Java's split drops empty parts at the end, but an empty text is one empty part.</summary>
    public static string[] Split(string text)
    {
        if (text.Length == 0) return [""];
        var parts = text.Split(',');
        var count = parts.Length;
        while (count > 0 && parts[count - 1].Length == 0) count--;
        return parts[..count];
    }

    /// <summary>As Java shows a list within a message.</summary>
    public static string Show(IReadOnlyList<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>ISO 8601, days to seconds, as Java's Duration reads it.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration) =>
        new DurationReader(text).TryRead(out duration);

    ref struct DurationReader(string text)
    {
        /// <summary>A little less than the longest TimeSpan.</summary>
        const decimal MaxSeconds = 900_000_000_000m;

        readonly ReadOnlySpan<char> _text = text;
        int _position;

        public bool TryRead(out TimeSpan duration)
        {
            duration = default;
            var negative = Take('-');
            if (!negative) Take('+');
            if (!Take('P')) return false;
            decimal seconds = 0;
            var any = TakeNumber('D', 86_400, ref seconds);
            if (Take('T'))
            {
                var time = TakeNumber('H', 3_600, ref seconds);
                time |= TakeNumber('M', 60, ref seconds);
                time |= TakeNumber('S', 1, ref seconds);
                if (!time) return false;
                any = true;
            }

            if (!any || _position != _text.Length || Math.Abs(seconds) > MaxSeconds) return false;
            duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond) * (negative ? -1 : 1));
            return true;
        }

        bool Take(char letter)
        {
            if (_position >= _text.Length || char.ToUpperInvariant(_text[_position]) != letter) return false;
            _position++;
            return true;
        }

        bool TakeNumber(char unit, int factor, ref decimal seconds)
        {
            var start = _position;
            var end = start;
            if (end < _text.Length && _text[end] is '-' or '+') end++;
            var digits = end;
            while (end < _text.Length && char.IsAsciiDigit(_text[end])) end++;
            var whole = end > digits;
            if (whole && unit == 'S' && end < _text.Length && _text[end] is '.' or ',')
            {
                var fraction = ++end;
                while (end < _text.Length && char.IsAsciiDigit(_text[end])) end++;
                whole = end - fraction <= 9;
            }

            _position = end;
            var written = _text[start..end].ToString().Replace(',', '.').TrimEnd('.');
            if (whole && Take(unit)
                && decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && Math.Abs(number) < 1e18m)
            {
                seconds += number * factor;
                return true;
            }

            _position = start;
            return false;
        }
    }
}
