namespace AkkaStream.Tidy.Tests;

/// <summary>A place that breaks a rule. Line 0 means the file as a whole.</summary>
sealed record Finding(string Path, int Line, string What)
{
    public override string ToString() => Line == 0 ? $"{Path}: {What}" : $"{Path}:{Line}: {What}";
}

/// <summary>
/// One rule about the code. To add one, add a row to <see cref="SourceRules"/>, <see cref="ProjectRules"/> or
/// <see cref="DocumentRules"/>, and an example that breaks it to <see cref="RuleTests"/>.
/// </summary>
/// <param name="Name">A sentence that says what holds.</param>
/// <param name="Cure">What to do about a finding.</param>
/// <param name="Find">Looks at all files.</param>
sealed record Rule(string Name, string Cure, Func<IReadOnlyList<SourceFile>, IEnumerable<Finding>> Find)
{
    /// <summary>A rule that looks at one file at a time.</summary>
    public static Rule PerFile(
        string name, string cure, Func<SourceFile, bool> appliesTo, Func<SourceFile, IEnumerable<(int Line, string What)>> find) =>
        new(name, cure, files => files.Where(appliesTo).SelectMany(file =>
            find(file).Select(found => new Finding(file.Path, found.Line, found.What))));

    /// <summary>A rule that looks at one line at a time.</summary>
    public static Rule PerLine(string name, string cure, Func<SourceFile, bool> appliesTo, Func<string, string?> find) =>
        PerFile(name, cure, appliesTo, file => LinesWith(file.Lines, find));

    /// <summary>The same on lines of code, with strings and comments blanked out.</summary>
    public static Rule PerCodeLine(string name, string cure, Func<SourceFile, bool> appliesTo, Func<string, string?> find) =>
        PerFile(name, cure, appliesTo, file => LinesWith(file.CodeLines, find));

    static IEnumerable<(int Line, string What)> LinesWith(string[] lines, Func<string, string?> find)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (find(lines[i]) is { } what) yield return (i + 1, what);
        }
    }

    public override string ToString() => Name;
}
