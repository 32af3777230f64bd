namespace AkkaStream.Tidy.Tests;

/// <summary>Rules about what stands beside the code: READMEs, defaults, the map.</summary>
static class DocumentRules
{
    /// <summary>A room with fewer files explains itself.</summary>
    const int FilesWorthAReadme = 5;

    /// <summary>One screen.</summary>
    const int ReadmeLines = 60;

    public static readonly Rule[] All =
    [
        new Rule("Each room has a README of one screen",
            $"write purpose, way in, promises and what not to do here, in at most {ReadmeLines} lines", ReadmeFindings),
        Rule.PerFile("Each key in a reference.conf has a comment",
            "write unit and reason above the key; keys that share them may stand under one comment without a blank line", file => file.IsIn("src") && file.Name == "reference.conf", ReferenceFindings),
        Rule.PerFile("Each path in docs/DESIGN.md exists",
            "correct the map; it is what newcomers trust", file => file.Path == "docs/DESIGN.md", MapFindings),
        Rule.PerFile("docs/skipped.md says for each API what is left out and why",
            "write a row | API | what is left out | why | with all three cells filled", file => file.Path == "docs/skipped.md",
            SkippedFindings),
    ];

    static IEnumerable<Finding> ReadmeFindings(IReadOnlyList<SourceFile> files)
    {
        foreach (var project in files.Where(file => file.IsIn("src") && file.Name.EndsWith(".csproj")))
        {
            var room = project.Path[..project.Path.LastIndexOf('/')];
            var readme = files.FirstOrDefault(file => file.Path == $"{room}/README.md");
            if (readme is null && files.Count(file => file.IsIn(room) && file.IsCSharp) >= FilesWorthAReadme)
                yield return new Finding($"{room}/README.md", 0, "missing");
            if (readme?.Lines.Length > ReadmeLines) yield return new Finding(readme.Path, 0, $"{readme.Lines.Length} lines");
        }
    }

    /// <summary>A key is a line that begins a value; a line that only opens a section is none.</summary>
    static IEnumerable<(int Line, string What)> ReferenceFindings(SourceFile file)
    {
        var explained = new HashSet<string>();
        var isExplained = false;
        var inList = 0;
        for (var i = 0; i < file.Lines.Length; i++)
        {
            var line = file.Lines[i].Trim();
            var isComment = line.StartsWith('#') || line.StartsWith("//", StringComparison.Ordinal);
            var key = isComment || inList > 0 ? null : KeyOf(line);
            if (key is not null && (isExplained || line.Contains(" #"))) explained.Add(key);

            // In several sections of one form a key is explained in the first.
            if (key is not null && !explained.Contains(key)) yield return (i + 1, key);
            if (!isComment) inList = Math.Max(0, inList + line.Count(c => c == '[') - line.Count(c => c == ']'));

            // A comment holds for the keys right below it, up to the next blank line or section.
            isExplained = isComment || (isExplained && (key is not null || inList > 0 || line.StartsWith(']')));
        }
    }

    static string? KeyOf(string line)
    {
        var end = line.IndexOfAny(['=', ':', '{', '"']);
        if (end <= 0 || line[end] is '{' or '"') return null;
        var value = line[(end + 1)..].Trim();
        return value.StartsWith('{') && !value.Contains('}') ? null : line[..end].TrimEnd('+', ' ');
    }

    static IEnumerable<(int Line, string What)> MapFindings(SourceFile file)
    {
        for (var i = 0; i < file.Lines.Length; i++)
        {
            foreach (var path in PathsIn(file.Lines[i]))
            {
                if (!Repository.Exists(path)) yield return (i + 1, $"{path} does not exist");
            }
        }
    }

    /// <summary>What stands in back quotes and begins with one of the top folders.</summary>
    static IEnumerable<string> PathsIn(string line)
    {
        var parts = line.Split('`');
        for (var i = 1; i < parts.Length; i += 2)
        {
            var path = parts[i].Trim();
            if (path.Contains('*') || path.Contains('<') || path.Contains(' ')) continue;
            if (path.Split('/') is [("src" or "tests" or "docs" or "bench" or "deploy" or "hocon"), ..]) yield return path.TrimEnd('/');
        }
    }

    static IEnumerable<(int Line, string What)> SkippedFindings(SourceFile file)
    {
        var rows = 0;
        for (var i = 0; i < file.Lines.Length; i++)
        {
            var line = file.Lines[i].Trim();
            if (!line.StartsWith('|') || line.Replace("-", "").Replace("|", "").Replace(":", "").Trim().Length == 0) continue;
            rows++;
            var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length != 3 || Array.Exists(cells, cell => cell.Length == 0)) yield return (i + 1, "not three filled cells");
        }

        if (rows < 2) yield return (1, "no rows");
    }
}
