using AkkaStream.Hocon.Tests.Example;

namespace AkkaStream.Hocon.Tests;

public sealed class SettingsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly HoconDocument _reference = ReferenceConf.Load(typeof(SettingsTests).Assembly);

    public void Dispose() => _folder.Dispose();

    SettingsBinder Binder(string file = "", params string[] overrides) =>
        SettingsLayers.Bind(_reference, _folder.Write("node.conf", file), overrides, "akkastream");

    IEnumerable<string> Problems(string file, params string[] overrides)
    {
        var binder = Binder(file, overrides);
        ShelfBinding.Bind(binder.Section("akkastream.shelf"));
        var exception = Assert.Throws<SettingsException>(binder.Finish);
        Assert.Equal(string.Join('\n', exception.Problems), exception.Message);
        return exception.Problems.Select(problem => problem.ToString().Replace(_folder.Path("node.conf"), "node.conf"));
    }

    [Fact]
    public void Defaults_bind_to_the_typed_record()
    {
        var binder = Binder();

        var settings = ShelfBinding.Bind(binder.Section("akkastream.shelf"));
        binder.Finish();

        Assert.Equal(1000, settings.BooksMax);
        Assert.Equal(65536, settings.PageSize);
        Assert.Equal(TimeSpan.FromDays(14), settings.LendingTime);
        Assert.Equal(0.5, settings.LendingShare);
        Assert.Equal(LatePolicy.Warn, settings.LatePolicy);
        Assert.Equal(["en", "de"], settings.Languages);
        Assert.True(settings.ChildrenWelcome);
        Assert.Equal("/var/shelf", settings.Dir);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DirFailureTimeout);
        Assert.Null(settings.AnnexDir);
        Assert.Empty(binder.UnreadDefaults());
    }

    [Fact]
    public void The_file_overrides_the_defaults_and_the_command_line_overrides_the_file()
    {
        var binder = Binder("akkastream.shelf { books.max = 5, dir = /srv, languages = ${akkastream.shelf.languages} [fr] }",
            "shelf.books.max=7", "shelf.late.policy=sell");

        var settings = ShelfBinding.Bind(binder.Section("akkastream.shelf"));
        binder.Finish();

        Assert.Equal(7, settings.BooksMax);
        Assert.Equal("/srv", settings.Dir);
        Assert.Equal(["en", "de", "fr"], settings.Languages);
        Assert.Equal(LatePolicy.Sell, settings.LatePolicy);
    }

    [Fact]
    public void A_properties_file_is_a_layer_like_any_other()
    {
        var path = _folder.Write("server.properties", "shelf.books.max=5\nshelf.dir=/srv\nshelf.languages=en, fr");
        var binder = SettingsLayers.Bind(_reference, path, [], "akkastream");

        var settings = ShelfBinding.Bind(binder.Section("akkastream.shelf"));
        binder.Finish();

        Assert.Equal(5, settings.BooksMax);
        Assert.Equal(["en", "fr"], settings.Languages);
    }

    [Theory]
    [InlineData("book.max = 1", "unknown setting akkastream.shelf.book.max; did you mean akkastream.shelf.books.max?")]
    [InlineData("lendnig.time.ms = 1", "unknown setting akkastream.shelf.lendnig.time.ms; did you mean akkastream.shelf.lending.time.ms?")]
    [InlineData("dir.timeout = 1", "unknown setting akkastream.shelf.dir.timeout; remove it, or look up its name in the reference")]
    [InlineData("entirely.different = 1", "unknown setting akkastream.shelf.entirely.different; remove it, or look up its name in the reference")]
    [InlineData("lending = 1", "akkastream.shelf.lending is a section, not a setting; it holds akkastream.shelf.lending.time.ms, akkastream.shelf.lending.share")]
    public void An_unknown_key_names_the_nearest_one(string line, string problem) =>
        Assert.Equal([$"node.conf:2:{line.IndexOf('=') + 3}: {problem}"], Problems($"akkastream.shelf {{\n{line}\n}}"));

    [Fact]
    public void A_key_in_the_wrong_section_is_found_by_its_end() =>
        Assert.Equal(["node.conf:1:24: unknown setting akkastream.page.size; did you mean akkastream.shelf.page.size?"],
            Problems("akkastream.page.size = 1MiB"));

    [Theory]
    [InlineData("books.max = many", "books.max must be a whole number such as 3; found \"many\"")]
    [InlineData("books.max = 0", "books.max must be at least 1; found 0")]
    [InlineData("books.max = 3000000000", "books.max must be at most 2147483647; found 3000000000")]
    [InlineData("page.size = 64KB", "page.size must be a size such as 512, 64KiB, 1 MB or 1GiB (kB, MB, GB ... count in thousands, K, KiB, M, MiB ... in 1024s); found \"64KB\"")]
    [InlineData("page.size = 1", "page.size must be at least 4096; found 1")]
    [InlineData("lending.time.ms = 2 fortnights", "lending.time.ms must be a duration such as 500ms, 30s, 5 minutes or 7d (units are ns, us, ms, s, m, h, d and their long names, in lower case); found \"2 fortnights\"")]
    [InlineData("lending.time.ms = -1s", "lending.time.ms must be at least 0s; found -1s")]
    [InlineData("dir.failure.timeout.ms = 0", "dir.failure.timeout.ms must be at least 1ms; found 0s")]
    [InlineData("lending.share = 1.5", "lending.share must be at most 1; found 1.5")]
    [InlineData("late.policy = Sell", "late.policy must be one of keep, warn, sell; found \"Sell\"")]
    [InlineData("languages = [en, [de]]", "languages must be a list of texts such as [a, b]; found a list")]
    [InlineData("children.welcome = maybe", "children.welcome must be true or false; found \"maybe\"")]
    [InlineData("dir = [x]", "dir must be a text; put it in double quotes if it holds special characters; found a list")]
    public void A_wrong_value_says_what_was_expected(string line, string problem) =>
        Assert.Equal([$"node.conf:2:{line.IndexOf('=') + 3}: akkastream.shelf.{problem}"], Problems($"akkastream.shelf {{\n{line}\n}}"));

    [Fact]
    public void Null_on_a_key_without_a_default_is_a_complaint() =>
        Assert.Contains("node.conf:1:24: akkastream.shelf.dir is null, but a value is needed", Problems("akkastream.shelf.dir = null"));

    [Fact]
    public void All_complaints_come_at_once() =>
        Assert.Equal(
            [
                "--override: akkastream.shelf.books.max must be at least 1; found -3",
                "node.conf:2:16: akkastream.shelf.late.policy must be one of keep, warn, sell; found \"x\"",
                "node.conf:3:26: unknown setting akkastream.shelf.pages; remove it, or look up its name in the reference",
            ],
            Problems("akkastream.shelf {\n late.policy = x }\nakkastream.shelf.pages = 1", "shelf.books.max=-3"));

    [Fact]
    public void Accepted_names_and_open_parts_are_no_unknown_keys()
    {
        var binder = Binder("akkastream { zookeeper.connect = x, listener.name.internal.rate = 5, listener.name.public.rate = 6 }");
        var section = binder.Section("akkastream");
        binder.Accept(["akkastream.zookeeper.connect"]);
        binder.AcceptAllUnder("akkastream.listener.name");

        var rates = section.NamedSections("listener.name").Select(named => (named.Name, named.Section.Int32("rate")));

        Assert.Equal([("internal", 5), ("public", 6)], rates);
        binder.Finish();
    }

    [Fact]
    public void Keys_outside_of_the_sections_belong_to_others()
    {
        var binder = Binder("other.program { x = 1 }");
        ShelfBinding.Bind(binder.Section("akkastream.shelf"));

        binder.Finish();
    }

    [Fact]
    public void A_default_that_nobody_reads_is_listed()
    {
        var binder = Binder();
        binder.Section("akkastream.shelf").Int32("books.max");

        Assert.Contains("akkastream.shelf.page.size", binder.UnreadDefaults());
        Assert.DoesNotContain("akkastream.shelf.books.max", binder.UnreadDefaults());
    }

    [Fact]
    public void A_bare_number_counts_what_Kafka_s_name_says()
    {
        var section = Binder("akkastream.shelf { a.hours = 168, b.minutes = 10080, c.seconds = 5m }").Section("akkastream.shelf");

        Assert.Equal(TimeSpan.FromDays(7), section.Duration("a.hours", DurationUnit.Hours));
        Assert.Equal(TimeSpan.FromDays(7), section.Duration("b.minutes", DurationUnit.Minutes));
        Assert.Equal(TimeSpan.FromMinutes(5), section.Duration("c.seconds", DurationUnit.Seconds));
    }

    [Fact]
    public void A_key_that_nobody_gave_a_default_is_a_complaint()
    {
        var binder = Binder();
        binder.Section("akkastream.shelf").Text("forgotten");

        Assert.Contains("akkastream.shelf.forgotten is not set and has no default; set it",
            Assert.Throws<SettingsException>(binder.Finish).Message);
    }

    [Fact]
    public void An_assembly_without_defaults_adds_none() =>
        Assert.Empty(ReferenceConf.Load(typeof(HoconConfig).Assembly).Resolve().Root.Fields);
}
