using System.Globalization;

namespace AkkaStream.Hocon;

/// <summary>The unit of a duration that was written without one.</summary>
public enum DurationUnit
{
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// <summary>A calendar span, which has no fixed length: a month is not a number of days.</summary>
public readonly record struct HoconPeriod(int Years, int Months, int Days);

/// <summary>
/// Numbers with a unit: durations, periods, sizes. Exactly the unit names of the HOCON specification, lower and upper
/// case as there. Each reader gives null when the text is understood, otherwise what was expected, with an example.
/// </summary>
static class HoconUnits
{
    const string DurationExample = "a duration such as 500ms, 30s, 5 minutes or 7d";
    const string PeriodExample = "a period such as 7d, 2 weeks, 1 month or 1y";
    const string SizeExample = "a size such as 512, 64KiB, 1 MB or 1GiB";

    public static string? ReadDuration(string text, DurationUnit unitless, out TimeSpan duration)
    {
        duration = default;
        if (!Split(text, out var number, out var unit)) return DurationExample;
        var nanoseconds = unit switch
        {
            "" => NanosecondsOf(unitless),
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1m,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => 1_000m,
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => NanosecondsOf(DurationUnit.Milliseconds),
            "s" or "second" or "seconds" => NanosecondsOf(DurationUnit.Seconds),
            "m" or "minute" or "minutes" => NanosecondsOf(DurationUnit.Minutes),
            "h" or "hour" or "hours" => NanosecondsOf(DurationUnit.Hours),
            "d" or "day" or "days" => NanosecondsOf(DurationUnit.Days),
            _ => 0m,
        };
        if (nanoseconds == 0)
            return $"{DurationExample} (units are ns, us, ms, s, m, h, d and their long names, in lower case)";
        return ReadTicks(number, nanoseconds, out duration);
    }

    static string? ReadTicks(decimal number, decimal nanoseconds, out TimeSpan duration)
    {
        const decimal nanosecondsPerTick = TimeSpan.NanosecondsPerTick;
        duration = default;
        var limit = long.MaxValue / nanoseconds * nanosecondsPerTick;
        if (number > limit || number < -limit) return "a duration below 29,000 years";
        var ticks = number * nanoseconds / nanosecondsPerTick;
        if (ticks != decimal.Truncate(ticks))
            return "a duration in steps of 100 nanoseconds; shorter ones cannot be measured";
        duration = new TimeSpan((long)ticks);
        return null;
    }

    static decimal NanosecondsOf(DurationUnit unit) => unit switch
    {
        DurationUnit.Seconds => 1e9m,
        DurationUnit.Minutes => 60e9m,
        DurationUnit.Hours => 3_600e9m,
        DurationUnit.Days => 86_400e9m,
        _ => 1e6m,
    };

    public static string? ReadPeriod(string text, out HoconPeriod period)
    {
        period = default;
        if (!Split(text, out var number, out var unit)) return PeriodExample;
        if (number != decimal.Truncate(number) || Math.Abs(number) > int.MaxValue / 7)
            return $"{PeriodExample}, in whole numbers";
        var count = (int)number;
        switch (unit)
        {
            case "" or "d" or "day" or "days":
                period = new HoconPeriod(0, 0, count);
                return null;
            case "w" or "week" or "weeks":
                period = new HoconPeriod(0, 0, count * 7);
                return null;
            case "m" or "mo" or "month" or "months":
                period = new HoconPeriod(0, count, 0);
                return null;
            case "y" or "year" or "years":
                period = new HoconPeriod(count, 0, 0);
                return null;
            default:
                return $"{PeriodExample} (units are d, w, m or mo, y and their long names, in lower case)";
        }
    }

    public static string? ReadSize(string text, out long bytes)
    {
        bytes = 0;
        if (!Split(text, out var number, out var unit)) return SizeExample;
        var (factor, power) = SizeUnit(unit);
        if (factor == 0) return $"{SizeExample} (kB, MB, GB ... count in thousands, K, KiB, M, MiB ... in 1024s)";
        for (; power > 0; power--)
        {
            if (Math.Abs(number) > decimal.MaxValue / factor) return TooLarge;
            number *= factor;
        }

        if (number != decimal.Truncate(number)) return "a size that comes to a whole number of bytes";
        if (number is > long.MaxValue or < long.MinValue) return TooLarge;
        bytes = (long)number;
        return null;
    }

    const string TooLarge = "a size below 8 EiB";

    static (int Factor, int Power) SizeUnit(string unit) => unit switch
    {
        "" or "B" or "b" or "byte" or "bytes" => (1, 0),
        "kB" or "kilobyte" or "kilobytes" => (1000, 1),
        "MB" or "megabyte" or "megabytes" => (1000, 2),
        "GB" or "gigabyte" or "gigabytes" => (1000, 3),
        "TB" or "terabyte" or "terabytes" => (1000, 4),
        "PB" or "petabyte" or "petabytes" => (1000, 5),
        "EB" or "exabyte" or "exabytes" => (1000, 6),
        "ZB" or "zettabyte" or "zettabytes" => (1000, 7),
        "YB" or "yottabyte" or "yottabytes" => (1000, 8),
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => (1024, 1),
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => (1024, 2),
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => (1024, 3),
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => (1024, 4),
        "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => (1024, 5),
        "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => (1024, 6),
        "Z" or "z" or "Zi" or "ZiB" or "zebibyte" or "zebibytes" => (1024, 7),
        "Y" or "y" or "Yi" or "YiB" or "yobibyte" or "yobibytes" => (1024, 8),
        _ => (0, 0),
    };

    /// <summary>A number, blanks, letters. Decimal arithmetic keeps "1.1 s" exact, where binary would not.</summary>
    static bool Split(string text, out decimal number, out string unit)
    {
        var trimmed = text.AsSpan().Trim();
        var letters = trimmed.Length;
        while (letters > 0 && char.IsLetter(trimmed[letters - 1])) letters--;
        unit = trimmed[letters..].ToString();
        return decimal.TryParse(trimmed[..letters].TrimEnd(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
