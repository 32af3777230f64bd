namespace AkkaStream.Hocon.Tests;

public sealed class PropertiesFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_server_properties_file_is_read_with_its_lines()
    {
        var file = PropertiesFile.Parse(
            "# comment\n! another\n\nlisteners=PLAINTEXT://:9092\n  log.dirs : /a,\\\n   /b\nnode.id 1\nempty=\nflag\n", "server.properties");

        Assert.Equal(
            [
                new("listeners", "PLAINTEXT://:9092", new("server.properties", 4, 0)),
                new("log.dirs", "/a,/b", new("server.properties", 5, 0)),
                new("node.id", "1", new("server.properties", 7, 0)),
                new("empty", "", new("server.properties", 8, 0)),
                new("flag", "", new("server.properties", 9, 0)),
            ],
            file.Entries);
    }

    [Fact]
    public void Trailing_blanks_belong_to_the_value() => Assert.Equal("x  ", PropertiesFile.Parse("a = x  \n").Entries[0].Value);

    [Theory]
    [InlineData("a=\\u12")]
    [InlineData("a=\\uxyzw")]
    public void A_broken_Unicode_escape_is_refused_with_its_line(string text) =>
        Assert.Equal("properties:2: \\u must be followed by four hexadecimal digits",
            Assert.Throws<HoconException>(() => PropertiesFile.Parse("\n" + text)).Message);

    [Fact]
    public void Bytes_are_UTF_8_where_they_can_be_and_Latin_1_otherwise()
    {
        Assert.Equal("a=ü", PropertiesFile.Decode([.. "a=ü"u8]));
        Assert.Equal("a=ü", PropertiesFile.Decode([.. "a="u8, 0xfc]));
    }

    [Fact]
    public void Properties_become_a_layer_in_which_a_value_may_have_children()
    {
        var config = PropertiesFile.Parse("log.dir=/x\nlog.dir.failure.timeout.ms=5\na..b=1\nlog.dir=/y").ToDocument("akkastream").Resolve();

        Assert.Equal("/y", config.GetString("akkastream.log.dir"));
        Assert.Equal(5, config.GetInt32("akkastream.log.dir.failure.timeout.ms"));
        Assert.Equal("1", config.GetString("akkastream.a.\"\".b"));
        Assert.Equal(new HoconOrigin("properties", 2, 0), config.Find("akkastream.log.dir.failure.timeout.ms")?.Origin);
    }

    [Fact]
    public void A_value_is_never_taken_for_a_substitution() =>
        Assert.Equal("${x}", PropertiesFile.Parse("a=${x}").ToDocument("r").Resolve().GetString("r.a"));

    [Fact]
    public void A_name_of_thousands_of_parts_is_refused() =>
        Assert.Contains("more than 200 parts", Assert.Throws<HoconException>(
            () => PropertiesFile.Parse(new string('.', 100_000) + "=1").ToDocument("r")).Message);

    [Fact]
    public void Overrides_keep_everything_after_the_first_equal_sign()
    {
        var overrides = PropertiesFile.ParseOverrides(["a.b=1", "c=x=y", "d="]);

        Assert.Equal([("a.b", "1"), ("c", "x=y"), ("d", "")], overrides.Entries.Select(entry => (entry.Name, entry.Value)));
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("=x")]
    [InlineData("")]
    public void An_override_without_name_or_equal_sign_is_refused(string argument) =>
        Assert.Equal($"--override: \"{argument}\" has no name and value; write --override name=value",
            Assert.Throws<HoconException>(() => PropertiesFile.ParseOverrides([argument])).Message);

    [Fact]
    public void The_later_override_wins() =>
        Assert.Equal("2", PropertiesFile.ParseOverrides(["a=1", "a=2"]).ToDocument("r").Resolve().GetString("r.a"));

    [Fact]
    public void A_file_is_read_by_its_ending()
    {
        Assert.Equal("1:2", SettingsLayers.LoadFile(_folder.Write("server.properties", "a=1:2"), "r").Resolve().GetString("r.a"));
        Assert.Equal("1", SettingsLayers.LoadFile(_folder.Write("node.conf", "r.a = 1"), "r").Resolve().GetString("r.a"));
        Assert.Contains("no.properties", Assert.Throws<HoconException>(
            () => SettingsLayers.LoadFile(_folder.Path("no.properties"), "r")).Message);
    }
}
