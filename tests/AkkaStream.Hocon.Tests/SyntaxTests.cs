namespace AkkaStream.Hocon.Tests;

public sealed class SyntaxTests
{
    [Theory]
    [InlineData("""{"a":[1,-2.5e+3,true,null,"x\n\u00fc"],"b":{}}""", "{\"a\":[1,-2.5e+3,true,null,\"x\\nü\"],\"b\":{}}")]
    [InlineData("[1, [2], {\"a\": 3}]", "[1,[2],{\"a\":3}]")]
    [InlineData("{ }", "{}")]
    [InlineData("[]", "[]")]
    [InlineData("\"a\"\n:\n1", "{\"a\":1}")]
    public void Json_is_read_as_it_is(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("", "{}")]
    [InlineData("\ufeff", "{}")]
    [InlineData("  # nothing but a comment", "{}")]
    [InlineData("a = 1", "{\"a\":1}")]
    [InlineData("\ufeffa = 1\n\n", "{\"a\":1}")]
    public void The_outer_braces_may_be_left_out(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = 1 # b = 2\n# c\n// d = 3\ne = 4 // f", "{\"a\":1,\"e\":4}")]
    [InlineData("a = \"# no // comment\"", "{\"a\":\"# no // comment\"}")]
    [InlineData("a = [ # one\n 1 // two\n 2 ]", "{\"a\":[1,2]}")]
    [InlineData("a # why\n = # because\n 1", "{\"a\":1}")]
    public void Comments_end_with_the_line(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a:1,b=2\nc{d=3}", "{\"a\":1,\"b\":2,\"c\":{\"d\":3}}")]
    [InlineData("\"a\" {}", "{\"a\":{}}")]
    [InlineData("a = {\n b = 1\n c = 2,\n }", "{\"a\":{\"b\":1,\"c\":2}}")]
    [InlineData("a = [1\n2\n3\n]", "{\"a\":[1,2,3]}")]
    [InlineData("a = [1,2,3,]", "{\"a\":[1,2,3]}")]
    [InlineData("a = [1,\n2\n,3\n]", "{\"a\":[1,2,3]}")]
    [InlineData("a = 1,\n\n", "{\"a\":1}")]
    public void A_line_end_separates_as_a_comma_does(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("[1,2,3,,]", "two commas in a row")]
    [InlineData("[,1,2]", "a comma may not come first")]
    [InlineData("[1,,2]", "two commas in a row")]
    [InlineData("{a=1,,b=2}", "two commas in a row")]
    [InlineData("{,a=1}", "a comma may not come first")]
    [InlineData(",a=1", "a comma may not come first")]
    public void Commas_stand_alone_between_two_values(string text, string problem) =>
        Assert.Contains(problem, Rendered.Refusal(text));

    [Theory]
    [InlineData("a\u00a0=\u20071\u202f", "{\"a\":1}")]
    [InlineData("a\t=\v\f1\r\nb = 2\r\n", "{\"a\":1,\"b\":2}")]
    [InlineData("a\u001c=\u001d1\u001e\u001f", "{\"a\":1}")]
    [InlineData("a = x\u2003y", "{\"a\":\"x\u2003y\"}")]
    [InlineData("a =\u2028 1 \u2029", "{\"a\":1}")]
    public void White_space_is_what_Unicode_says_and_a_little_more(string text, string expected) =>
        Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = bar10.0", "{\"a\":\"bar10.0\"}")]
    [InlineData("a = 10.0bar", "{\"a\":\"10.0bar\"}")]
    [InlineData("a = truefoo", "{\"a\":\"truefoo\"}")]
    [InlineData("a = footrue", "{\"a\":\"footrue\"}")]
    [InlineData("a = null0", "{\"a\":\"null0\"}")]
    [InlineData("a = -foo", "{\"a\":\"-foo\"}")]
    [InlineData("a = 1.2.3", "{\"a\":\"1.2.3\"}")]
    [InlineData("a = 2024-01-31", "{\"a\":\"2024-01-31\"}")]
    [InlineData("a = x/y|z;w'~<>()%_", "{\"a\":\"x/y|z;w'~<>()%_\"}")]
    [InlineData("a = include", "{\"a\":\"include\"}")]
    [InlineData("a = ä€😀", "{\"a\":\"ä€😀\"}")]
    public void Text_needs_no_quotes_while_it_holds_no_reserved_character(string text, string expected) =>
        Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData('$')]
    [InlineData('+')]
    [InlineData('`')]
    [InlineData('^')]
    [InlineData('?')]
    [InlineData('!')]
    [InlineData('@')]
    [InlineData('*')]
    [InlineData('&')]
    [InlineData('\\')]
    [InlineData(':')]
    [InlineData('=')]
    public void A_reserved_character_asks_for_quotes(char c)
    {
        var refusal = Rendered.Refusal($"a = x{c}y");

        Assert.StartsWith("text:1:6: ", refusal);
        Assert.Contains("double quotes", refusal);
    }

    [Fact]
    public void The_complaint_about_a_listener_shows_how_to_write_it() =>
        Assert.EndsWith("put the value in double quotes: \"PLAINTEXT://:9092\"", Rendered.Refusal("listeners = PLAINTEXT://:9092"));

    [Theory]
    [InlineData("a = 0", true)]
    [InlineData("a = -0.5E-7", true)]
    [InlineData("a = 1e+5", true)]
    [InlineData("a = 007", false)]
    [InlineData("a = 1.", false)]
    [InlineData("a = .5", false)]
    [InlineData("a = 1e", false)]
    [InlineData("a = -", false)]
    [InlineData("a = NaN", false)]
    public void Numbers_are_those_of_Json(string text, bool isNumber) =>
        Assert.Equal(isNumber, HoconParser.Parse(text).ResolveNode().Fields["a"].Kind == HoconKind.Number);

    [Theory]
    [InlineData("a = \"\"\"x\"\"\"", "{\"a\":\"x\"}")]
    [InlineData("a = \"\"\"\"\"\"", "{\"a\":\"\"}")]
    [InlineData("a = \"\"\"foo\"\"\"\"", "{\"a\":\"foo\\\"\"}")]
    [InlineData("a = \"\"\"\"foo\"\"\"\"\"", "{\"a\":\"\\\"foo\\\"\\\"\"}")]
    [InlineData("a = \"\"\"one\n  two\\n ${x} # three\n\"\"\"\nb = 1", "{\"a\":\"one\\n  two\\\\n ${x} # three\\n\",\"b\":1}")]
    public void Three_quotes_take_everything_as_it_is(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a {\n b = 1", "text:1:3: this { is never closed")]
    [InlineData("a = [1\n", "text:1:5: this [ is never closed")]
    [InlineData("a = 1 }", "text:1:7: there is a } too many")]
    [InlineData("{ a = 1 } }", "text:1:11: there is a } too many")]
    [InlineData("{ a = 1 } b = 2", "text:1:11: the document ends before this")]
    [InlineData("a = [1, 2}", "text:1:10: a } stands where ] was expected")]
    [InlineData("a = { b = 1 ]", "text:1:13: a ] stands where } was expected")]
    [InlineData("a = \"x", "text:1:5: this string is never closed on its line")]
    [InlineData("a = \"x\ny\"", "text:1:5: this string is never closed on its line")]
    [InlineData("a = \"\"\"x\"\"", "text:1:5: this \"\"\" string is never closed")]
    [InlineData("a = \"\\x\"", "text:1:6: unknown escape")]
    [InlineData("a = \"\\u12g4\"", "text:1:6: unknown escape")]
    [InlineData("a = \"\t\"", "text:1:6: a quoted string may not hold the control character U+0009; write \\u0009")]
    [InlineData("a = \nb = 1", "text:2:3: the character = is not allowed")]
    [InlineData("a =", "text:1:4: the text ends where the value of \"a\" should stand")]
    [InlineData("a = ,", "text:1:5: the value of \"a\" is missing")]
    [InlineData("a\nb = 1", "text:1:1: the key \"a\" has no value")]
    [InlineData("a.b ! c = 1", "text:1:5: the character ! is not allowed in a key")]
    [InlineData("= 1", "text:1:1: the character = is not allowed in a key")]
    [InlineData("\n\n  a = ${b", "text:3:7: this substitution is never closed; write ${b}")]
    [InlineData("a = $b", "text:1:5: a $ begins a substitution")]
    [InlineData("a = ${ }", "a substitution is empty")]
    public void A_complaint_names_the_place_and_the_cure(string text, string complaint) =>
        Assert.Contains(complaint, Rendered.Refusal(text));
}
