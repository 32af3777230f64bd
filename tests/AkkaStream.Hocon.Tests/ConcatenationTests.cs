namespace AkkaStream.Hocon.Tests;

public sealed class ConcatenationTests
{
    [Theory]
    [InlineData("a =  foo bar  baz  ", "{\"a\":\"foo bar  baz\"}")]
    [InlineData("a = foo \"bar\" baz", "{\"a\":\"foo bar baz\"}")]
    [InlineData("a = \"x\"\"y\"", "{\"a\":\"xy\"}")]
    [InlineData("a = true foo", "{\"a\":\"true foo\"}")]
    [InlineData("a = null x", "{\"a\":\"null x\"}")]
    [InlineData("a = 1e5 1E5 100000", "{\"a\":\"1e5 1E5 100000\"}")]
    [InlineData("a = 1e+5x", "{\"a\":\"1e+5x\"}")]
    [InlineData("a = [ 1 2 3 4 ]", "{\"a\":[\"1 2 3 4\"]}")]
    [InlineData("a = [ the quick, brown fox ]", "{\"a\":[\"the quick\",\"brown fox\"]}")]
    public void Simple_values_on_one_line_are_one_text(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = true", "{\"a\":true}")]
    [InlineData("b = 1\na = ${b}", "{\"b\":1,\"a\":1}")]
    [InlineData("b = [1]\na = ${b}", "{\"b\":[1],\"a\":[1]}")]
    public void A_value_that_stands_alone_keeps_its_type(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = [1, 2] [3, 4]", "{\"a\":[1,2,3,4]}")]
    [InlineData("a = [ [1, 2] [3, 4] ]", "{\"a\":[[1,2,3,4]]}")]
    [InlineData("a = [ [1, 2]\n [3, 4] ]", "{\"a\":[[1,2],[3,4]]}")]
    [InlineData("a = [1\n2\n3]", "{\"a\":[1,2,3]}")]
    [InlineData("a = [1][\n2\n][3]", "{\"a\":[1,2,3]}")]
    [InlineData("b = [1]\na = ${b} [2] ${b}", "{\"b\":[1],\"a\":[1,2,1]}")]
    [InlineData("b = [1]\na = ${b} ${b}", "{\"b\":[1],\"a\":[1,1]}")]
    [InlineData("a = ${?no} [1] ${?nothing}", "{\"a\":[1]}")]
    public void Lists_on_one_line_are_one_list(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = { b = 1 } { c = 2 }", "{\"a\":{\"b\":1,\"c\":2}}")]
    [InlineData("a { b = 1 } { b = 2 }", "{\"a\":{\"b\":2}}")]
    [InlineData("generic = { size = 6 }\neast = ${generic} { name = \"east\" }", "{\"generic\":{\"size\":6},\"east\":{\"name\":\"east\",\"size\":6}}")]
    [InlineData("a = { x = 1 } ${b}\nb { x = 2 }", "{\"a\":{\"x\":2},\"b\":{\"x\":2}}")]
    [InlineData("b { x = 1 }\nc { y = 2 }\na = ${b} ${c}", "{\"b\":{\"x\":1},\"c\":{\"y\":2},\"a\":{\"x\":1,\"y\":2}}")]
    [InlineData("a = ${?no} { x = 1 }", "{\"a\":{\"x\":1}}")]
    [InlineData("a = [ { x = 1 } { y = 2 }, {z = 3} ]", "{\"a\":[{\"x\":1,\"y\":2},{\"z\":3}]}")]
    public void Objects_on_one_line_merge(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = [1] 2", "a list can only be joined with lists")]
    [InlineData("a = [1] \" \" [2]", "a list can only be joined with lists")]
    [InlineData("a = [1] {}", "an object can only be joined with objects")]
    [InlineData("a = {} x", "an object can only be joined with objects")]
    [InlineData("b = x\na = ${b} [1]", "a list can only be joined with lists")]
    [InlineData("b = x\na = ${b} {}", "stands beside an object but is none")]
    [InlineData("b = {}\na = ${b} x", "an object or a list cannot be joined with text")]
    [InlineData("b = {}\nc = 5\na = ${b}${c}", "an object or a list cannot be joined with text")]
    public void Kinds_do_not_mix(string text, string problem) => Assert.Contains(problem, Rendered.Refusal(text));

    [Fact]
    public void Blanks_between_substitutions_count_only_in_texts()
    {
        Assert.Equal("\"x y\"", Rendered.Of(HoconConfig.Parse("a = x\nb = y\nc = ${a} ${b}").Find("c")!));
        Assert.Equal("[1,2]", Rendered.Of(HoconConfig.Parse("a = [1]\nb = [2]\nc = ${a} ${b}").Find("c")!));
    }
}
