namespace AkkaStream.Hocon.Tests;

/// <summary>Two halves, a value and fields: values replace values, fields merge with fields, null takes both away.</summary>
public sealed class MergingTests
{
    [Theory]
    [InlineData("a = 1\na = 2", "{\"a\":2}")]
    [InlineData("a = [1]\na = [2]", "{\"a\":[2]}")]
    [InlineData("a { x = 1 }\na { y = 2 }", "{\"a\":{\"x\":1,\"y\":2}}")]
    [InlineData("a { x = 1, z { p = 1 } }\na { x = 2, z { q = 2 } }", "{\"a\":{\"x\":2,\"z\":{\"p\":1,\"q\":2}}}")]
    [InlineData("a.b = 1\na { c = 2 }\na.b = 3", "{\"a\":{\"b\":3,\"c\":2}}")]
    public void The_later_value_wins_and_objects_merge(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a { x = 1 }\na = null\na { y = 2 }", "{\"a\":{\"y\":2}}")]
    [InlineData("a { x = 1 }\na = null", "{\"a\":null}")]
    [InlineData("a = 1\na = null\na.b = 2", "{\"a\":{\"b\":2}}")]
    [InlineData("a { b { x = 1 } }\na.b = null\na.b.y = 2", "{\"a\":{\"b\":{\"y\":2}}}")]
    [InlineData("n = null\na { x = 1 }\na = ${n}\na { y = 2 }", "{\"n\":null,\"a\":{\"y\":2}}")]
    public void Null_starts_a_place_over(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("log.dir = /x\nlog.dir.failure.timeout.ms = 5")]
    [InlineData("log.dir.failure.timeout.ms = 5\nlog.dir = /x")]
    [InlineData("log { dir { failure.timeout.ms = 5 } }\nlog { dir = /x }")]
    [InlineData("log { dir = /x, dir.failure { timeout { ms = 5 } } }")]
    public void A_value_may_have_fields_as_Kafka_names_need_it(string text)
    {
        var config = HoconConfig.Parse(text);

        Assert.Equal("/x", config.GetString("log.dir"));
        Assert.Equal(5, config.GetInt32("log.dir.failure.timeout.ms"));
    }

    [Fact]
    public void A_list_may_have_fields_too() =>
        Assert.Equal("{\"a\":[1] + {\"b\":2}}", Rendered.Of("a.b = 2\na = [1]"));

    [Fact]
    public void A_new_value_leaves_the_fields_alone() =>
        Assert.Equal("{\"a\":3 + {\"b\":2}}", Rendered.Of("a = 1\na.b = 2\na = 3"));

    [Fact]
    public void A_substitution_brings_both_halves()
    {
        Assert.Equal("{\"a\":1 + {\"b\":2},\"c\":1 + {\"b\":2}}", Rendered.Of("a = 1\na.b = 2\nc = ${a}"));
        Assert.Equal("{\"a\":1 + {\"b\":2},\"c\":\"1x\"}", Rendered.Of("a = 1\na.b = 2\nc = ${a}x"));
        Assert.Equal("{\"a\":1 + {\"b\":2},\"c\":1 + {\"d\":3,\"b\":2}}", Rendered.Of("a = 1\na.b = 2\nc = ${a} { d = 3 }"));
    }

    [Fact]
    public void A_layer_overrides_as_a_later_line_of_the_same_file_does()
    {
        var low = HoconParser.Parse("a { x = 1, y = 1, keep = ${a.x} }, b = 1, c { d = 1 }, list = [1]", "low");
        var high = HoconParser.Parse("a { x = 2 }, b { e = 2 }, c = null, list = ${list} [2]", "high");

        var both = high.WithFallback(low).Resolve();

        Assert.Equal(
            "{\"a\":{\"x\":2,\"y\":1,\"keep\":2},\"b\":1 + {\"e\":2},\"c\":null,\"list\":[1,2]}", Rendered.Of(both.Root));
        Assert.Equal("high", both.Find("a.x")?.Origin.Source);
        Assert.Equal("low", both.Find("a.y")?.Origin.Source);
    }

    [Fact]
    public void Three_layers_may_be_joined_in_any_grouping()
    {
        var a = HoconParser.Parse("x { a = 1, n = null }");
        var b = HoconParser.Parse("x { b = 2, n { p = 1 } }");
        var c = HoconParser.Parse("x { a = 3, c = 3, n { q = 2 } }");

        var left = Rendered.Of(a.WithFallback(b).WithFallback(c).Resolve().Root);
        var right = Rendered.Of(a.WithFallback(b.WithFallback(c)).Resolve().Root);

        Assert.Equal("{\"x\":{\"a\":1,\"c\":3,\"n\":null,\"b\":2}}", left);
        Assert.Equal(left, right);
    }

    [Theory]
    [InlineData("a { \"0\" = x, \"1\" = y }", "x,y")]
    [InlineData("a.10 = z\na.2 = y", "y,z")]
    [InlineData("a { \"1\" = x, other = 5, \"-1\" = n, 1.5 = m }", "x")]
    public void Numbered_fields_read_as_a_list(string text, string items) =>
        Assert.Equal(items, string.Join(',', HoconConfig.Parse(text).GetStringList("a")));

    [Fact]
    public void Numbered_fields_join_with_a_list() =>
        Assert.Equal("[\"x\",\"y\"]", Rendered.Of(HoconConfig.Parse("a.0 = x\nb = ${a} [y]").Root.Fields["b"]));

    [Fact]
    public void An_object_without_numbers_is_no_list() =>
        Assert.Throws<HoconException>(() => HoconConfig.Parse("a { x = 1 }").GetStringList("a"));
}
