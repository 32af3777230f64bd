using System.Text;

namespace AkkaStream.Hocon.Tests;

/// <summary>A hostile or broken text gets a complaint: never a crash, an endless loop or a full memory.</summary>
public sealed class BoundsTests
{
    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a:", 100_000)]
    [InlineData("a.", 100_000)]
    [InlineData("a{", 100_000)]
    [InlineData("[{a:", 100_000)]
    public void Deep_nesting_is_refused(string opening, int times)
    {
        var text = new StringBuilder().Insert(0, opening, times).Append("x = 1").ToString();

        Assert.Contains("nested more than 200 deep", Rendered.Refusal(text));
    }

    [Fact]
    public void Two_hundred_levels_are_fine() =>
        Assert.StartsWith("[[[", Rendered.Of(new string('[', 200) + new string(']', 200)));

    [Fact]
    public void A_long_chain_of_substitutions_is_refused()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 50_000; i++) text.Append($"a{i} = ${{a{i + 1}}}\n");

        Assert.Contains("more than 600 deep", Rendered.Refusal(text.Append("a50000 = 1").ToString()));
    }

    [Fact]
    public void Text_that_doubles_at_each_step_is_refused()
    {
        var text = new StringBuilder("a0 = xxxxxxxxxx\n");
        for (var i = 0; i < 60; i++) text.Append($"a{i + 1} = ${{a{i}}}${{a{i}}}\n");

        Assert.Contains("characters of text", Rendered.Refusal(text.ToString()));
    }

    [Fact]
    public void Objects_that_double_at_each_step_are_refused()
    {
        var text = new StringBuilder("a0 { x = 1 }\n");
        for (var i = 0; i < 60; i++) text.Append($"a{i + 1} {{ p = ${{a{i}}}, q = ${{a{i}}} }}\n");

        Assert.Contains("more than 1000000 values", Rendered.Refusal(text.ToString()));
    }

    [Fact]
    public void Lists_that_double_at_each_step_are_refused()
    {
        var text = new StringBuilder("a = [1]\n");
        for (var i = 0; i < 60; i++) text.Append("a = ${a} ${a}\n");

        Assert.Contains("too much work", Rendered.Refusal(text.ToString()));
    }

    [Fact]
    public void Many_overlapping_substitutions_are_refused()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 20_000; i++) text.Append($"a = ${{?b}}\na.x{i} = 1\n");

        Assert.Contains("too much work", Rendered.Refusal(text.ToString()));
    }

    [Fact]
    public void A_thousand_additions_to_a_list_are_fine()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 1000; i++) text.Append($"a += {i}\n");

        Assert.Equal(1000, HoconConfig.Parse(text.ToString()).GetList("a").Count);
    }

    [Fact]
    public void Twenty_thousand_keys_are_fine()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 20_000; i++) text.Append($"a.b{i}.c = {i}\n");

        Assert.Equal(19_999, HoconConfig.Parse(text.ToString()).GetInt32("a.b19999.c"));
    }

    /// <summary>Cuts, swaps and inserts in a text that uses everything; whatever comes out is a tree or a complaint.</summary>
    [Fact]
    public void A_damaged_text_is_read_or_refused()
    {
        var seed = Environment.GetEnvironmentVariable("AKKASTREAM_SEED") is { } given ? int.Parse(given) : 20_260_301;
        var runs = int.Parse(Environment.GetEnvironmentVariable("AKKASTREAM_FUZZ_RUNS") ?? "20000");
        var random = new Random(seed);
        const string pieces = "{}[]\",:=+$#/\\\n .?ax1-é\u2028\ufeff\0";
        const string whole = "a { b = 1, c = [x, \"y\\n\", 2.5e3], \"q.r\" += ${?a.b} }\na.d = ${a.c} [z] # note\n" +
            "e = \"\"\"t\"\"\" ${a.b}s\ninclude \"nothing\"\nf = { g = null } { h = true }\nlog.dir = /x\nlog.dir.y = 1 // end\n";
        for (var run = 0; run < runs; run++)
        {
            var text = new StringBuilder(whole);
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0) text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)).Append(' ');
                else if (random.Next(2) == 0) text[at] = pieces[random.Next(pieces.Length)];
                else text.Insert(at, pieces[random.Next(pieces.Length)]);
            }

            try
            {
                HoconParser.Parse(text.ToString()).ResolveNode();
            }
            catch (HoconException)
            {
                // A complaint is a right answer.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, run {run}: {e}\n{text}");
            }
        }
    }
}
