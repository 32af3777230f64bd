namespace AkkaStream.Hocon.Tests;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("500", 500)]
    [InlineData("\"500\"", 500)]
    [InlineData("500ms", 500)]
    [InlineData("5 millis", 5)]
    [InlineData("\" 5  milliseconds \"", 5)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5 seconds", 1_500)]
    [InlineData("1.1s", 1_100)]
    [InlineData("2m", 120_000)]
    [InlineData("2 minutes", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7 days", 604_800_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("-5s", -5_000)]
    [InlineData("0", 0)]
    public void A_duration_without_a_unit_counts_milliseconds(string written, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), HoconConfig.Parse($"a = {written}").GetDuration("a"));

    [Fact]
    public void Short_durations_are_exact_down_to_a_hundred_nanoseconds()
    {
        Assert.Equal(TimeSpan.FromMicroseconds(1), HoconConfig.Parse("a = 1us").GetDuration("a"));
        Assert.Equal(new TimeSpan(3), HoconConfig.Parse("a = 300 nanos").GetDuration("a"));
        Assert.Contains("steps of 100 nanoseconds", Refusal("a = 50ns", config => config.GetDuration("a")));
    }

    [Theory]
    [InlineData("5 S")]
    [InlineData("5 sec")]
    [InlineData("5 Seconds")]
    [InlineData("s")]
    [InlineData("five seconds")]
    [InlineData("1e3 s")]
    [InlineData("5 s s")]
    [InlineData("\"\"")]
    [InlineData("[5]")]
    [InlineData("{}")]
    public void What_is_no_duration_says_what_one_looks_like(string written) =>
        Assert.Contains("must be a duration such as 500ms, 30s, 5 minutes or 7d", Refusal($"a = {written}", config => config.GetDuration("a")));

    [Theory]
    [InlineData("99999999999999999999d")]
    [InlineData("99999999999d")]
    [InlineData("-99999999999d")]
    public void A_duration_that_is_too_long_is_refused(string written) =>
        Assert.Contains("must be a duration below 29,000 years", Refusal($"a = {written}", config => config.GetDuration("a")));

    [Theory]
    [InlineData("5", 0, 0, 5)]
    [InlineData("5d", 0, 0, 5)]
    [InlineData("2 weeks", 0, 0, 14)]
    [InlineData("3m", 0, 3, 0)]
    [InlineData("3mo", 0, 3, 0)]
    [InlineData("1 month", 0, 1, 0)]
    [InlineData("2y", 2, 0, 0)]
    [InlineData("2 years", 2, 0, 0)]
    public void A_period_without_a_unit_counts_days(string written, int years, int months, int days) =>
        Assert.Equal(new HoconPeriod(years, months, days), HoconConfig.Parse($"a = {written}").GetPeriod("a"));

    [Theory]
    [InlineData("1.5 d")]
    [InlineData("5 h")]
    [InlineData("Month")]
    [InlineData("99999999999 d")]
    public void What_is_no_period_is_refused(string written) =>
        Assert.Contains("must be a period such as 7d", Refusal($"a = {written}", config => config.GetPeriod("a")));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("1 byte", 1)]
    [InlineData("1kB", 1_000)]
    [InlineData("1 kilobyte", 1_000)]
    [InlineData("1K", 1_024)]
    [InlineData("1k", 1_024)]
    [InlineData("1Ki", 1_024)]
    [InlineData("1KiB", 1_024)]
    [InlineData("5MB", 5_000_000)]
    [InlineData("5 M", 5L << 20)]
    [InlineData("1.5 MiB", 3L << 19)]
    [InlineData("2 gigabytes", 2_000_000_000)]
    [InlineData("2g", 2L << 30)]
    [InlineData("3 TiB", 3L << 40)]
    [InlineData("1PB", 1_000_000_000_000_000)]
    [InlineData("7 exbibytes", 7L << 60)]
    [InlineData("-1", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_counts_in_thousands_or_in_1024s_as_its_unit_says(string written, long bytes) =>
        Assert.Equal(bytes, HoconConfig.Parse($"a = {written}").GetSize("a"));

    [Theory]
    [InlineData("1 KB", "must be a size such as 512, 64KiB")]
    [InlineData("1 mb", "must be a size such as 512, 64KiB")]
    [InlineData("many", "must be a size such as 512, 64KiB")]
    [InlineData("8 EiB", "must be a size below 8 EiB")]
    [InlineData("1 YB", "must be a size below 8 EiB")]
    [InlineData("9223372036854775808", "must be a size below 8 EiB")]
    [InlineData("1.5 B", "a whole number of bytes")]
    public void What_is_no_size_is_refused(string written, string expected) =>
        Assert.Contains(expected, Refusal($"a = {written}", config => config.GetSize("a")));

    static string Refusal(string text, Action<HoconConfig> read) =>
        Assert.Throws<HoconException>(() => read(HoconConfig.Parse(text))).Message;
}
