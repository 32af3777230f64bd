namespace AkkaStream.Tidy.Tests;

/// <summary>Each rule finds what it is for, and lets pass what only looks like it.</summary>
public sealed class RuleTests
{
    const string Room = "src/AkkaStream.Log/Files/X.cs";
    const string Test = "tests/AkkaStream.Log.Tests/X.cs";

    static List<Finding> Find(string rule, params (string Path, string Text)[] files) =>
        [.. TidyTests.Rules.Single(r => r.Name.StartsWith(rule, StringComparison.Ordinal))
            .Find([.. files.Select(file => new SourceFile(file.Path, file.Text))])];

    static void Breaks(string rule, string path, string text, string what) =>
        Assert.Contains(what, Assert.Single(Find(rule, (path, text))).ToString());

    static void Keeps(string rule, string path, string text) => Assert.Empty(Find(rule, (path, text)));

    [Fact]
    public void A_namespace_that_is_not_the_folder_is_found()
    {
        const string rule = "The namespace";
        Breaks(rule, Room, "using System;\n\nnamespace AkkaStream.Log;\n", $"{Room}:3: expected namespace AkkaStream.Log.Files;");
        Breaks(rule, Room, "namespace AkkaStream.Log.Files\n{\n}\n", "expected namespace AkkaStream.Log.Files;");
        Breaks(rule, Room, "class X;\n", "no namespace");
        Keeps(rule, Room, "// a word before\nnamespace AkkaStream.Log.Files;\n");
        Keeps(rule, Room, "namespace System.Runtime.CompilerServices;\n");
        Keeps(rule, Room, "global using System;\n[assembly: X]\n");
    }

    [Fact]
    public void Files_and_functions_that_are_too_long_are_found()
    {
        Breaks("No file is longer", Room, new string('\n', 601), "601 lines, allowed 600");
        Keeps("No file is longer", Room, new string('\n', 600));

        var body = string.Concat(Enumerable.Repeat("        x();\n", 68));
        Breaks("No function", Room, Class($"    void F()\n    {{\n{body}    }}\n"), $"{Room}:5: void F(): 71 lines, allowed 70");
        Keeps("No function", Room, Class($"    void F()\n    {{\n{body[..^13]}    }}\n"));
        Breaks("No function", Room, Class($"    int F() => y switch\n    {{\n{body}    }};\n"), "int F()");
        Breaks("No function", Room, Class($"    public X(int a)\n        : base(a)\n    {{\n{body}    }}\n"), "public X(int a)");
        Keeps("No function", Room, Class($"    static readonly int[] Rows =\n    [\n{body}{body}    ];\n"));
        Keeps("No function", Room, Class($"    sealed record Y(int A)\n    {{\n        int B() => 1;\n{string.Concat(Enumerable.Repeat("        int C { get; } = 5;\n", 90))}    }}\n"));

        static string Class(string members) => $"namespace A;\n\nclass X<T> where T : class\n{{\n{members}}}\n";
    }

    [Fact]
    public void Strings_and_comments_are_no_code()
    {
        var code = CSharpText.CodeOnly("a(\"}\\\"{\", '}', @\"x\"\"}\", $\"{b(\"}\")}{{\", \"\"\"}\"\"\", $$\"\"\"{{x}}\"\"\"); // }\n/* } */ c");

        Assert.Equal("a( , , , , , );\n c", string.Join('\n', code.Split('\n').Select(line =>
            System.Text.RegularExpressions.Regex.Replace(line.TrimEnd(), " +", " "))));
    }

    [Fact]
    public void Lines_that_are_too_wide_or_untidy_are_found()
    {
        Breaks("No line is wider", Room, new string('x', 151), "151 columns");
        Keeps("No line is wider", Room, new string('x', 150) + "\n");
        Breaks("No line holds a tab", Test, "\tx", "a tab");
        Breaks("No line holds a tab", Test, "x \ny", "a blank at the end");
        Breaks("Lines end with", Test, "x\r\ny", "a carriage return");
        Breaks("No regions", Room, "  #region X\n", "a region");
        Keeps("No regions", Room, "// #region X\n");
    }

    [Fact]
    public void Names_that_say_nothing_are_found()
    {
        Breaks("No type is named", Room, "public sealed partial class LogManager : X", "LogManager ends in Manager");
        Breaks("No type is named", Room, "readonly record struct TopicInfo(int A);", "TopicInfo ends in Info");
        Breaks("No type is named", Room, "static class PathUtils\n", "PathUtils ends in Utils");
        Keeps("No type is named", Room, "class Basement; // class LogManager\nvoid F<T>() where T : class");
    }

    [Fact]
    public void Unfinished_work_is_found()
    {
        Breaks("Nothing is left", Room, "// TO" + "DO: x", "TO" + "DO");
        Keeps("Nothing is left", Room, "var x = \"TO" + "DOS\";");
    }

    [Theory]
    [InlineData("x!.Y()", true)]
    [InlineData("F(x!)", true)]
    [InlineData("return a[0]!;", true)]
    [InlineData("string s = default!;", true)]
    [InlineData("List<int>! x", true)]
    [InlineData("if (!x && a != b || (a)!=b) // y!.z", false)]
    [InlineData("#if !DEBUG", false)]
    [InlineData("Log(\"what!\");", false)]
    public void A_null_that_is_overlooked_is_found(string line, bool isFound)
    {
        string often = string.Join('\n', Enumerable.Repeat(line, 7));
        if (isFound) Breaks("The compiler", Room, often, "one more ! behind an expression");
        else Keeps("The compiler", Room, often);
        Keeps("The compiler", Room, line);
        Keeps("The compiler", Test, often);
    }

    [Fact]
    public void Tests_that_skip_or_wait_are_found()
    {
        Breaks("No test is skipped", Test, "[Fact(Skip = \"later\")]", "a skipped test");
        Breaks("No test waits", Test, "await Task." + "Delay(5);", "Task." + "Delay(");
        Breaks("No test waits", Test, "await Task." + "Delay(5, token);", "Task." + "Delay(");
        Keeps("No test waits", Test, "await Task." + "Delay(second, time);");
        Keeps("No test waits", Test, "// no Thread." + "Sleep here");
    }

    [Fact]
    public void Paths_of_one_machine_are_found()
    {
        Breaks("Nothing names a path", "docs/x.md", "see /wo" + "rk/main", "/wo" + "rk/");
        Keeps("Nothing names a path", "docs/x.md", "a framework/main path");
    }

    [Fact]
    public void A_reference_beyond_the_room_table_is_found()
    {
        const string rule = "A room knows";
        const string log = "src/AkkaStream.Log/AkkaStream.Log.csproj";
        Breaks(rule, log, Project("<ProjectReference Include=\"../AkkaStream.Actors/AkkaStream.Actors.csproj\" />"), "references AkkaStream.Actors");
        Breaks(rule, "src/AkkaStream.Attic/AkkaStream.Attic.csproj", Project(""), "has no row in the room table");
        Keeps(rule, log, Project("<ProjectReference Include=\"..\\AkkaStream.Protocol\\AkkaStream.Protocol.csproj\" />"));
        Keeps(rule, log, Project("<ProjectReference Include=\"../AkkaStream.X/AkkaStream.X.csproj\" OutputItemType=\"Analyzer\" />"));
    }

    [Fact]
    public void Transitive_references_and_scattered_versions_are_found()
    {
        (string, string) root = ("Directory.Build.props", Project("", "<DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences>"));
        (string, string) off = ("src/AkkaStream.Log/AkkaStream.Log.csproj",
            Project("", "<DisableTransitiveProjectReferences>false</DisableTransitiveProjectReferences>"));
        Assert.Single(Find("A type two rooms away", root, off));
        Assert.Single(Find("A type two rooms away", ("Directory.Build.props", Project(""))));
        Assert.Empty(Find("A type two rooms away", root));

        (string, string) central = ("Directory.Packages.props", Project("<PackageVersion Include=\"a\" Version=\"1\" />"));
        Assert.Empty(Find("Versions of packages", central, ("src/x.csproj", Project("<PackageReference Include=\"a\" />"))));
        Assert.Single(Find("Versions of packages", central, ("src/x.csproj", Project("<PackageReference Include=\"a\" Version=\"2\" />"))));
        Assert.Single(Find("Versions of packages", central, ("src/x.csproj", Project("<PackageReference Include=\"b\" />"))));
    }

    static string Project(string items, string properties = "") =>
        $"<Project><PropertyGroup>{properties}</PropertyGroup><ItemGroup>{items}</ItemGroup></Project>";

    [Fact]
    public void A_room_without_a_README_is_found()
    {
        (string, string)[] room = [("src/A/A.csproj", ""), .. Enumerable.Range(0, 5).Select(i => ($"src/A/{i}.cs", ""))];
        Assert.Single(Find("Each room has", room));
        Assert.Empty(Find("Each room has", [.. room, ("src/A/README.md", "# A")]));
        Assert.Single(Find("Each room has", [.. room, ("src/A/README.md", new string('\n', 90))]));
        Assert.Empty(Find("Each room has", room[..3]));
    }

    [Fact]
    public void A_default_without_a_reason_is_found()
    {
        const string conf = "src/A/reference.conf";
        Breaks("Each key", conf, "a {\n  # why\n  b = 1\n\n  c.d = 2\n}\n", $"{conf}:5: c.d");
        Breaks("Each key", conf, "# why\na {\n  b = 1\n}\n", $"{conf}:3: b");
        Keeps("Each key", conf, "a {\n  # why\n  b = 1\n  c.d = 2\n}\n");
        Keeps("Each key", conf, "a {\n  # why\n  kind = 1\n}\nb {\n  kind = 2\n}\n");
        Keeps("Each key", conf, "# the section\na {\n  # why\n  # and more\n  b = [\n    x = y\n  ]\n\n  c = 1 # why\n  d {\n  }\n}\n");
    }

    [Fact]
    public void A_map_that_leads_nowhere_is_found()
    {
        Breaks("Each path", "docs/DESIGN.md", "see `src/AkkaStream.Hocon/Nowhere.cs`, `src/AkkaStream.Hocon/HoconParser.cs`", "Nowhere.cs does not exist");
        Keeps("Each path", "docs/DESIGN.md", "`src/AkkaStream.<Room>/X.cs` `a/b` `src/AkkaStream.Hocon/`");
        Breaks("docs/skipped.md", "docs/skipped.md", "| API | what | why |\n|---|---|---|\n| Fetch | x | |\n", "docs/skipped.md:3: not three filled cells");
        Keeps("docs/skipped.md", "docs/skipped.md", "# Skipped\n\n| API | what | why |\n|---|---|---|\n| Fetch | x | y |\n");
    }

    [Fact]
    public void A_ratchet_allows_what_is_listed_and_no_more()
    {
        var ratchet = new Ratchet("# words\nsrc/A.cs 700\nsrc/B.cs#void F() 80\nsrc/C.cs 650\n");

        Assert.Equal(700, ratchet.Limit("src/A.cs", 600));
        Assert.Equal(600, ratchet.Limit("src/D.cs", 600));
        Assert.Equal(80, ratchet.Limit("src/B.cs#void F()", 70));
        Assert.Equal(["src/C.cs"], ratchet.NotNeeded(
            new Dictionary<string, int> { ["src/A.cs"] = 690, ["src/B.cs#void F()"] = 75, ["src/C.cs"] = 600 },
            place => place.Contains('#') ? 70 : 600));
    }
}
