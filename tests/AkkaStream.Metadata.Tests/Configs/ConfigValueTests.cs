namespace AkkaStream.Metadata.Tests.Configs;

public sealed class ConfigValueTests
{
    /// <summary>About three thousand values, right and wrong, of every config that has a type of its own or a rule.</summary>
    [Fact]
    public void Values_are_taken_and_refused_in_Kafka_s_words()
    {
        var count = 0;
        foreach (var example in GoldenConfigs.Lines("values.jsonl.gz"))
        {
            var name = (string)example["name"]!;
            var text = (string)example["value"]!;
            var key = GoldenConfigs.TableOf((string)example["scope"]!).Find(name)!;

            var taken = key.TryParse(text, out var value, out var error);

            var expected = (string?)example["error"] ?? (string)example["text"]!;
            var found = taken ? value.Text : error;
            Assert.True(taken == example["error"] is null && found == expected,
                $"{name} = \"{text}\": expected \"{expected}\", found \"{found}\"");
            count++;
        }

        Assert.InRange(count, 3000, 5000);
    }

    [Theory]
    [InlineData("PT1H", 3600)]
    [InlineData("P1DT2H3M4.5S", 93784.5)]
    [InlineData("-PT1M", -60)]
    [InlineData("PT-1M", -60)]
    [InlineData("pt1.000000001s", 1)]
    [InlineData("P0D", 0)]
    public void Durations_are_those_of_ISO_8601(string text, double seconds)
    {
        Assert.True(JavaText.TryParseDuration(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("1H")]
    [InlineData("P1H")]
    [InlineData("PT1D")]
    [InlineData("P1Y")]
    [InlineData("PT1M1H")]
    [InlineData("PT1H ")]
    [InlineData("PT1.0000000001S")]
    [InlineData("P99999999999999999999D")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(JavaText.TryParseDuration(text, out _));

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9E-4")]
    [InlineData(9999999.0, "9999999.0")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(double.MaxValue, "1.7976931348623157E308")]
    public void Numbers_are_shown_as_Java_shows_them(double value, string shown) => Assert.Equal(shown, JavaText.Show(value));

    [Fact]
    public void A_shown_number_reads_back_as_the_same()
    {
        var seed = 4242;
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value)) continue;
            Assert.True(JavaText.TryParseDouble(JavaText.Show(value), out var back) && back.Equals(value), $"seed {seed}: {value:R}");
        }
    }
}
