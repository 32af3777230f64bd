namespace AkkaStream.Hocon.Tests;

public sealed class ConfigTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Six_words_are_booleans(string written, bool expected) =>
        Assert.Equal(expected, HoconConfig.Parse($"a = {written}").GetBoolean("a"));

    [Theory]
    [InlineData("True")]
    [InlineData("1")]
    [InlineData("y")]
    [InlineData("null")]
    [InlineData("[true]")]
    public void Other_words_are_none(string written) =>
        Assert.Throws<HoconException>(() => HoconConfig.Parse($"a = {written}").GetBoolean("a"));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("\"5\"", 5)]
    [InlineData("-0", 0)]
    [InlineData("5.0", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Whole_numbers_may_be_written_in_any_way_of_Json(string written, long expected) =>
        Assert.Equal(expected, HoconConfig.Parse($"a = {written}").GetInt64("a"));

    [Theory]
    [InlineData("5.5")]
    [InlineData("9223372036854775808")]
    [InlineData("5s")]
    [InlineData("1,000")]
    [InlineData("\"\"")]
    [InlineData("0x10")]
    public void What_is_no_whole_number_is_refused(string written) =>
        Assert.Throws<HoconException>(() => HoconConfig.Parse($"a = \"{written.Trim('"')}\"").GetInt64("a"));

    [Fact]
    public void Types_convert_to_text_as_they_were_written()
    {
        var config = HoconConfig.Parse("a = 1e5, b = true, c = x");

        Assert.Equal("1e5", config.GetString("a"));
        Assert.Equal("true", config.GetString("b"));
        Assert.Equal("x", config.GetString("c"));
        Assert.Equal(100_000, config.GetInt32("a"));
        Assert.Equal(1e5, config.GetDouble("a"));
    }

    [Fact]
    public void A_number_beyond_32_bits_is_refused_where_32_are_wanted() =>
        Assert.Contains("must be a whole number of 32 bits; found \"3000000000\"",
            Assert.Throws<HoconException>(() => HoconConfig.Parse("a = 3000000000").GetInt32("a")).Message);

    [Fact]
    public void Kafka_s_comma_lists_read_as_lists()
    {
        var config = HoconConfig.Parse("a = \"x, y,z\", b = [x, y], c = \"\", d = one");

        Assert.Equal(["x", "y", "z"], config.GetStringList("a"));
        Assert.Equal(["x", "y"], config.GetStringList("b"));
        Assert.Empty(config.GetStringList("c"));
        Assert.Equal(["one"], config.GetStringList("d"));
    }

    [Fact]
    public void A_missing_value_a_null_and_a_wrong_type_are_told_apart()
    {
        var config = HoconConfig.Parse("a = null\nb { c = x }", "node.conf");

        Assert.Equal("node.conf:1:1: the setting b.d is missing; add it", Message(() => config.GetString("b.d")));
        Assert.Equal("node.conf:1:5: the setting a is null, but a value is needed", Message(() => config.GetString("a")));
        Assert.Equal("node.conf:2:9: the setting b.c must be a number such as 0.5; found \"x\"", Message(() => config.GetDouble("b.c")));
        Assert.Equal("node.conf:2:9: the setting b.c must be an object such as { a = 1 }; found \"x\"", Message(() => config.GetConfig("b.c")));
        Assert.StartsWith("node.conf:2:3: the setting b must be a text", Message(() => config.GetString("b")));

        static string Message(Action read) => Assert.Throws<HoconException>(read).Message;
    }

    [Fact]
    public void Has_is_true_for_what_is_there_and_not_null()
    {
        var config = HoconConfig.Parse("a = null, b = 1, c {}");

        Assert.False(config.Has("a"));
        Assert.True(config.Has("b"));
        Assert.True(config.Has("c"));
        Assert.False(config.Has("d"));
        Assert.False(config.Has("b.x"));
    }

    [Fact]
    public void A_part_is_a_configuration_of_its_own() =>
        Assert.Equal(1, HoconConfig.Parse("a.b.c = 1").GetConfig("a.b").GetInt32("c"));

    [Fact]
    public void A_list_holds_anything()
    {
        var list = HoconConfig.Parse("a = [1, {x = 2}, [3]]").GetList("a");

        Assert.Equal([HoconKind.Number, HoconKind.None, HoconKind.List], list.Select(item => item.Kind));
    }

    [Fact]
    public void A_document_that_is_a_list_is_no_configuration() =>
        Assert.Contains("must be an object, not a list", Assert.Throws<HoconException>(() => HoconConfig.Parse("[1]")).Message);
}
