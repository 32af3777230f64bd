namespace AkkaStream.Hocon.Tests;

public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("a = ${b}\nb = 1", "{\"a\":1,\"b\":1}")]
    [InlineData("a = ${b.c}\nb { c = 1 }\nb.c = 2", "{\"a\":2,\"b\":{\"c\":2}}")]
    [InlineData("a = ${b.\"c.d\"}\nb.\"c.d\" = 1", "{\"a\":1,\"b\":{\"c.d\":1}}")]
    [InlineData("animal = cat\nkey = ${animal} is my favourite", "{\"animal\":\"cat\",\"key\":\"cat is my favourite\"}")]
    [InlineData("animal = cat\nkey = ${animal}\" is mine\"", "{\"animal\":\"cat\",\"key\":\"cat is mine\"}")]
    [InlineData("a = \"${b}\"", "{\"a\":\"${b}\"}")]
    [InlineData("a = ${b}\nb = ${c}\nc = [1]", "{\"a\":[1],\"b\":[1],\"c\":[1]}")]
    [InlineData("a = [ ${b}, ${b} ]\nb { x = 1 }", "{\"a\":[{\"x\":1},{\"x\":1}],\"b\":{\"x\":1}}")]
    [InlineData("a = ${n}\nn = null", "{\"a\":null,\"n\":null}")]
    public void A_reference_sees_the_final_value_wherever_it_stands(string text, string expected) =>
        Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("a = ${?b}", "{}")]
    [InlineData("a = 1\na = ${?b}", "{\"a\":1}")]
    [InlineData("a = [ ${?b}, 2, ${?c} ]", "{\"a\":[2]}")]
    [InlineData("a = x${?b}y", "{\"a\":\"xy\"}")]
    [InlineData("a = ${?b}${?c}", "{}")]
    [InlineData("a = ${?b} ${?c}", "{}")]
    [InlineData("a = ${?b}\"\"", "{\"a\":\"\"}")]
    [InlineData("a { b = ${?c} }", "{\"a\":{}}")]
    [InlineData("a = ${?b}\nb = ${?a}", "{}")]
    public void What_may_be_missing_leaves_no_trace(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Fact]
    public void What_must_be_there_is_missed_by_name_and_place()
    {
        var refusal = Rendered.Refusal("x = 1\na = ${b.c}");

        Assert.StartsWith("text:2:5: ${b.c} is set nowhere, neither in the configuration nor in the environment", refusal);
        Assert.EndsWith("write ${?b.c} if it may be missing", refusal);
    }

    [Fact]
    public void A_missing_value_inside_of_an_optional_one_is_still_missed() =>
        Assert.Contains("${nowhere} is set nowhere", Rendered.Refusal("a = ${?b}\nb = ${nowhere}"));

    [Theory]
    [InlineData("path = \"a:b\"\npath = ${path}\":c\"", "{\"path\":\"a:b:c\"}")]
    [InlineData("path = [/bin]\npath = ${path} [/usr/bin]", "{\"path\":[\"/bin\",\"/usr/bin\"]}")]
    [InlineData("a = 1\na = ${a}2\na = ${a}3", "{\"a\":\"123\"}")]
    [InlineData("foo { a = 1 }\nfoo = ${foo}", "{\"foo\":{\"a\":1}}")]
    [InlineData("foo = ${?foo}", "{}")]
    [InlineData("a = ${?a}foo", "{\"a\":\"foo\"}")]
    [InlineData("foo { a { c = 1 } }\nfoo = ${foo.a}\nfoo { a = 2 }", "{\"foo\":{\"a\":2 + {\"c\":1},\"c\":1}}")]
    [InlineData("a { list = [1] }\na { list = ${a.list} [2] }", "{\"a\":{\"list\":[1,2]}}")]
    [InlineData("a = ${b}\nb = ${?a}x", "{\"a\":\"x\",\"b\":\"x\"}")]
    public void A_reference_to_itself_sees_what_was_there_before(string text, string expected) =>
        Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", "{\"bar\":{\"foo\":42,\"baz\":42}}")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }\nbar { foo = 43 }", "{\"bar\":{\"foo\":43,\"baz\":43}}")]
    [InlineData("bar { a = ${foo.d}, b = 1 }\nbar.b = 3\nfoo { c = ${bar.b}, d = 2 }\nfoo.d = 4",
        "{\"bar\":{\"a\":4,\"b\":3},\"foo\":{\"c\":3,\"d\":4}}")]
    [InlineData("c = ${a.x}\na = ${b} ${d}\nb { x = 1, y = ${c} }\nd { z = ${c} }",
        "{\"c\":1,\"a\":{\"x\":1,\"y\":1,\"z\":1},\"b\":{\"x\":1,\"y\":1},\"d\":{\"z\":1}}")]
    public void Only_the_field_that_is_wanted_is_evaluated(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("foo = ${does-not-exist}\nfoo = 42", "{\"foo\":42}")]
    [InlineData("foo = ${foo}\nfoo = 42", "{\"foo\":42}")]
    [InlineData("foo = ${a}\nfoo = null\na { x = 1 }", "{\"foo\":null,\"a\":{\"x\":1}}")]
    [InlineData("foo = [${does-not-exist}]\nfoo = 42", "{\"foo\":42}")]
    public void What_a_later_value_hides_is_never_looked_up(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Theory]
    [InlineData("bar = ${foo}\nfoo = ${bar}", "${foo} (text:1:7) -> ${bar} (text:2:7)")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", "${b} (text:1:5) -> ${c} (text:2:5) -> ${a} (text:3:5)")]
    [InlineData("a = ${a}", "${a} (text:1:5)")]
    [InlineData("a = ${a}\na { x = 1 }", "${a} (text:1:5)")]
    [InlineData("a { b = ${a} }", "${a} (text:1:9)")]
    [InlineData("a = [${a}]", "${a} (text:1:6)")]
    [InlineData("c = ${a.b}\na { b = ${a} }", "${a} (text:2:9)")]
    public void A_circle_is_named_step_by_step(string text, string steps)
    {
        var refusal = Rendered.Refusal(text);

        Assert.Contains("round in a circle", refusal);
        Assert.Contains(steps, refusal);
    }

    [Fact]
    public void Two_values_that_refer_to_each_other_end_up_equal() =>
        Assert.Equal("{\"a\":1,\"b\":1}", Rendered.Of("a = 1\nb = 2\na = ${b}\nb = ${a}").Replace("2", "1"));

    [Theory]
    [InlineData("a += 1", "{\"a\":[1]}")]
    [InlineData("a = [1]\na += 2\na += [3]", "{\"a\":[1,2,[3]]}")]
    [InlineData("a.b += x\na.b += { y = 1 }", "{\"a\":{\"b\":[\"x\",{\"y\":1}]}}")]
    [InlineData("b = [1]\na = ${b}\na += 2", "{\"b\":[1],\"a\":[1,2]}")]
    [InlineData("a = null\na += 1", "{\"a\":[1]}")]
    [InlineData("a = [ { l = [1], l += 2 } ]", "{\"a\":[{\"l\":[1,2]}]}")]
    public void Plus_equals_adds_to_the_list_before_it(string text, string expected) => Assert.Equal(expected, Rendered.Of(text));

    [Fact]
    public void Plus_equals_on_a_text_names_both_places() =>
        Assert.Equal("text:2:1: += adds to a list, but the value before it (text:1:5) is none; write that one in [ ]",
            Rendered.Refusal("a = x\na += y"));

    [Fact]
    public void The_environment_answers_for_what_the_configuration_does_not_set()
    {
        static string? Environment(string name) => name switch { "HOME" => "/home/me", "EMPTY" => "", "a.b" => "dotted", _ => null };

        Assert.Equal("{\"x\":\"/home/me\"}", Rendered.Of("x = ${HOME}", Environment));
        Assert.Equal("{\"x\":\"/home/me/y\"}", Rendered.Of("x = ${HOME}/y", Environment));
        Assert.Equal("{\"x\":\"\"}", Rendered.Of("x = ${EMPTY}", Environment));
        Assert.Equal("{\"x\":\"dotted\"}", Rendered.Of("x = ${a.b}", Environment));
        Assert.Equal("{\"HOME\":\"mine\",\"x\":\"mine\"}", Rendered.Of("HOME = mine\nx = ${HOME}", Environment));
        Assert.Equal("{\"HOME\":null,\"x\":null}", Rendered.Of("HOME = null\nx = ${HOME}", Environment));
        Assert.Equal("{\"HOME\":\"/home/me:/x\"}", Rendered.Of("HOME = ${HOME}\":/x\"", Environment));
        Assert.Equal("{}", Rendered.Of("x = ${?home}", Environment));
    }

    [Fact]
    public void A_value_from_the_environment_names_the_variable_as_its_place() =>
        Assert.Equal("environment variable PORT: the setting p must be a whole number such as 3; found \"x\"",
            Assert.Throws<HoconException>(() => HoconConfig.Parse("p = ${PORT}", environment: _ => "x").GetInt32("p")).Message);

    [Fact]
    public void A_default_written_in_terms_of_another_follows_it()
    {
        var reference = HoconParser.Parse("data = /var\nlogs = ${data}/logs", "reference.conf");

        Assert.Equal("/srv/logs", HoconParser.Parse("data = /srv").WithFallback(reference).Resolve().GetString("logs"));
    }
}
