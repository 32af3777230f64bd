namespace AkkaStream.Hocon.Tests;

public sealed class PathTests
{
    [Theory]
    [InlineData("foo.bar = 42", "{\"foo\":{\"bar\":42}}")]
    [InlineData("foo.bar.baz { x = 1 }", "{\"foo\":{\"bar\":{\"baz\":{\"x\":1}}}}")]
    [InlineData("a.x = 42, a.y = 43", "{\"a\":{\"x\":42,\"y\":43}}")]
    [InlineData("a b c = 42", "{\"a b c\":42}")]
    [InlineData("  a  b\t= 42", "{\"a  b\":42}")]
    [InlineData("true = 42", "{\"true\":42}")]
    [InlineData("3 = 42", "{\"3\":42}")]
    [InlineData("3.14 = 42", "{\"3\":{\"14\":42}}")]
    [InlineData("10.0foo = 1", "{\"10\":{\"0foo\":1}}")]
    [InlineData("foo10.0 = 1", "{\"foo10\":{\"0\":1}}")]
    [InlineData("foo\"10.0\" = 1", "{\"foo10.0\":1}")]
    [InlineData("1.2.3 = 1", "{\"1\":{\"2\":{\"3\":1}}}")]
    [InlineData("a.\"b.c\".d = 1", "{\"a\":{\"b.c\":{\"d\":1}}}")]
    [InlineData("a.\"\".b = 1", "{\"a\":{\"\":{\"b\":1}}}")]
    [InlineData("\"\" = 1", "{\"\":1}")]
    [InlineData("\"\"\"a.b\"\"\" = 1", "{\"a.b\":1}")]
    [InlineData("foo include = 1", "{\"foo include\":1}")]
    [InlineData("includes = 1", "{\"includes\":1}")]
    [InlineData("\"include\" = 1", "{\"include\":1}")]
    public void A_key_is_a_path(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a..b = 1")]
    [InlineData(".a = 1")]
    [InlineData("a. = 1")]
    [InlineData(". = 1")]
    [InlineData("a = ${a..b}")]
    [InlineData("a = ${.b}")]
    public void A_dot_needs_a_name_on_each_side(string text) => Assert.Contains("has a dot with no name beside it", Rendered.Refusal(text));

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a.b.c", "a|b|c")]
    [InlineData("a.\"b.c\"", "a|b.c")]
    [InlineData("a-b_c.1", "a-b_c|1")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    public void A_path_in_code_is_written_as_in_a_file(string path, string names) =>
        Assert.Equal(names, string.Join('|', HoconPath.Parse(path)));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a:b")]
    [InlineData("a b = c")]
    [InlineData("${a}")]
    public void A_path_that_is_none_is_refused(string path) => Assert.Throws<HoconException>(() => HoconPath.Parse(path));

    [Theory]
    [InlineData("a")]
    [InlineData("a|b")]
    [InlineData("a.b|c")]
    [InlineData("")]
    [InlineData("a||b")]
    [InlineData("x y|\"q\"|\\|\n|ü")]
    public void A_rendered_path_reads_back(string names)
    {
        var path = names.Split('|');

        Assert.Equal(path, HoconPath.Parse(HoconPath.Render(path)));
    }
}
