namespace AkkaStream.Hocon.Tests;

public sealed class IncludeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Load(string text) => Rendered.Of(HoconParser.ParseFile(_folder.Write("main.conf", text)).ResolveNode());

    string Refusal(string text) => Assert.Throws<HoconException>(() => Load(text)).Message;

    [Fact]
    public void Included_fields_stand_where_the_include_stands()
    {
        _folder.Write("other.conf", "a = 2\nb { y = 2 }");

        Assert.Equal("{\"a\":2,\"b\":{\"x\":1,\"y\":2}}", Load("a = 1\nb { x = 1 }\ninclude \"other.conf\""));
        Assert.Equal("{\"a\":1,\"b\":{\"y\":2,\"x\":1}}", Load("include \"other.conf\"\na = 1\nb { x = 1 }"));
        Assert.Equal("{\"c\":{\"a\":2,\"b\":{\"y\":2}}}", Load("c { include \"other.conf\" }"));
        Assert.Equal("{\"a\":2,\"b\":{\"y\":2},\"d\":1}", Load("{ include \"other.conf\", d = 1 }"));
    }

    [Theory]
    [InlineData("include \"other.conf\"")]
    [InlineData("include\n  \"other.conf\"")]
    [InlineData("include file(\"other.conf\")")]
    [InlineData("include required(\"other.conf\")")]
    [InlineData("include required( file( \"other.conf\" ) )")]
    [InlineData("include \"other\"")]
    public void An_include_may_be_written_in_several_ways(string text)
    {
        _folder.Write("other.conf", "a = 1");

        Assert.Equal("{\"a\":1}", Load(text));
    }

    [Fact]
    public void Included_paths_are_relative_to_the_including_file()
    {
        _folder.Write("sub/one.conf", "include \"two.conf\"");
        _folder.Write("sub/two.conf", "a = 1");

        Assert.Equal("{\"a\":1}", Load("include \"sub/one.conf\""));
        Assert.Equal("{\"a\":1}", Load($"include file(\"{_folder.Path("sub/two.conf")}\")"));
    }

    [Fact]
    public void Without_an_ending_all_formats_are_read_and_the_conf_file_wins()
    {
        _folder.Write("x.properties", "a=1\nb=1\nc=1");
        _folder.Write("x.json", "{\"b\":2,\"c\":2}");
        _folder.Write("x.conf", "c = 3");

        Assert.Equal("{\"a\":\"1\",\"b\":2,\"c\":3}", Load("include \"x\""));
    }

    [Fact]
    public void A_missing_file_is_skipped_unless_it_is_required()
    {
        Assert.Equal("{\"a\":1}", Load("include \"no.conf\"\na = 1"));
        Assert.EndsWith("main.conf:2:1: the required file \"no.conf\" does not exist; create it, or leave out required(...)",
            Refusal("\ninclude required(\"no.conf\")"));
    }

    [Fact]
    public void A_substitution_looks_where_the_file_was_included_and_then_at_the_root()
    {
        _folder.Write("foo.conf", "x = 10, y = ${x}, z = ${r}");

        Assert.Equal("{\"r\":0,\"a\":{\"x\":10,\"y\":10,\"z\":0}}", Load("r = 0\na { include \"foo.conf\" }"));
        Assert.Equal("{\"r\":0,\"a\":{\"x\":42,\"y\":42,\"z\":0}}", Load("r = 0\na { include \"foo.conf\" }\na { x = 42 }"));
        Assert.Equal("{\"r\":0,\"a\":{\"b\":{\"x\":10,\"y\":10,\"z\":0},\"r\":1}}",
            Load("r = 0\na.b { include \"foo.conf\" }\na.r = 1"));
    }

    [Fact]
    public void A_file_included_by_an_included_one_also_looks_in_between()
    {
        _folder.Write("one.conf", "v = one\nb { include \"two.conf\" }");
        _folder.Write("two.conf", "w = ${v}");

        Assert.Equal("{\"a\":{\"v\":\"one\",\"b\":{\"w\":\"one\"}},\"v\":\"root\"}", Load("a { include \"one.conf\" }\nv = root"));
    }

    [Fact]
    public void Places_in_an_included_file_are_its_own()
    {
        _folder.Write("other.conf", "\na = ${nowhere}");

        Assert.StartsWith($"{_folder.Path("other.conf")}:2:5: ", Refusal("include \"other.conf\""));
    }

    [Fact]
    public void A_circle_of_includes_is_named()
    {
        _folder.Write("one.conf", "include \"two.conf\"");
        _folder.Write("two.conf", "x = 1\ninclude \"main.conf\"");

        var refusal = Refusal("include \"one.conf\"");

        Assert.StartsWith($"{_folder.Path("two.conf")}:2:1: files include each other in a circle", refusal);
        Assert.Contains($"{_folder.Path("main.conf")} -> {_folder.Path("one.conf")} -> {_folder.Path("two.conf")} -> {_folder.Path("main.conf")}", refusal);
    }

    [Fact]
    public void Twice_the_same_file_is_no_circle()
    {
        _folder.Write("other.conf", "x = 1");

        Assert.Equal("{\"a\":{\"x\":1},\"b\":{\"x\":1}}", Load("a { include \"other.conf\" }\nb { include \"other.conf\" }"));
    }

    [Fact]
    public void Files_that_double_at_each_step_are_stopped()
    {
        for (var i = 0; i < 30; i++) _folder.Write($"f{i}.conf", $"include \"f{i + 1}.conf\"\ninclude \"f{i + 1}.conf\"");
        _folder.Write("f30.conf", "x = 1");

        Assert.Contains("too many includes", Refusal("include \"f0.conf\""));
    }

    [Theory]
    [InlineData("include url(\"http://example.org/x.conf\")")]
    [InlineData("include \"https://example.org/x.conf\"")]
    [InlineData("include required(\"file:/x.conf\")")]
    public void Nothing_is_fetched(string text) => Assert.Contains("is a URL, and configuration is never fetched", Refusal(text));

    [Fact]
    public void A_class_path_needs_a_resolver_of_resources()
    {
        Assert.Contains("means nothing here; use file(", Refusal("include classpath(\"x.conf\")"));

        var includes = HoconIncludes.Files(name => name == "profiles/x.conf" ? "a = 1" : null);
        var document = HoconParser.Parse("include classpath(\"/profiles/x.conf\")", "text", includes);
        Assert.Equal("{\"a\":1}", Rendered.Of(document.ResolveNode()));
    }

    [Fact]
    public void A_resource_stands_in_for_a_file_that_is_not_there()
    {
        var includes = HoconIncludes.Files(name => name == "x.conf" ? "a = 1" : null);

        Assert.Equal("{\"a\":1}", Rendered.Of(HoconParser.Parse("include \"x.conf\"", _folder.Path("text"), includes).ResolveNode()));
    }

    [Theory]
    [InlineData("include = 1")]
    [InlineData("include other.conf")]
    [InlineData("include ${x}")]
    [InlineData("include {}")]
    [InlineData("include")]
    [InlineData("include \"\"\"x\"\"\"")]
    [InlineData("include required(x)")]
    public void What_follows_include_must_be_a_quoted_name(string text) =>
        Assert.Contains("after include the name of a file must stand in double quotes", Refusal(text));

    [Fact]
    public void An_open_parenthesis_is_missed() => Assert.Contains("lacks a closing parenthesis", Refusal("include file(\"x\""));

    [Fact]
    public void An_included_list_is_refused()
    {
        _folder.Write("list.conf", "[1]");

        Assert.EndsWith("an included file must hold an object, not a list", Refusal("include \"list.conf\""));
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_says_where()
    {
        var path = _folder.Path("bad.conf");
        File.WriteAllBytes(path, [.. "a = 1 "u8, 0xff, 0xfe]);

        Assert.Equal($"{path}: is not UTF-8 at byte 6; save it as UTF-8",
            Assert.Throws<HoconException>(() => HoconParser.ParseFile(path)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Equal($"{_folder.Path("no.conf")}: there is no such file; check the path",
            Assert.Throws<HoconException>(() => HoconParser.ParseFile(_folder.Path("no.conf"))).Message);
}
