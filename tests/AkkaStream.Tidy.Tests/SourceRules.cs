namespace AkkaStream.Tidy.Tests;

/// <summary>Rules about C# files.</summary>
static class SourceRules
{
    const int FileLimit = 600;
    const int FunctionLimit = 70;
    const int Columns = 150;

    /// <summary>Pooled objects and values that a caller has checked need a few; more of them hide a type that lies.</summary>
    const int OverlookedNulls = 6;

    static readonly string[] BannedSuffixes =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Impl", "Base", "Data", "Info"];

    // Written apart, so that this file keeps its own rules.
    static readonly string[] Marks = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"];
    static readonly string[] Waits = ["Thread." + "Sleep", "Task." + "Delay("];
    static readonly string[] MachinePaths = ["/wo" + "rk/", "/ro" + "ot/", "/Us" + "ers/", @":\Us" + "ers"];

    static bool IsProduct(SourceFile file) => file.IsIn("src") && file.IsCSharp;

    static bool IsTest(SourceFile file) => file.IsIn("tests") && file.IsCSharp;

    static bool IsText(SourceFile file) => file.IsCSharp || Path.GetExtension(file.Name) is
        ".md" or ".sh" or ".conf" or ".props" or ".csproj" or ".json" or ".yml" or ".txt" or ".properties" or "";

    public static readonly Rule[] All =
    [
        Rule.PerFile("The namespace of a file is its folder",
            "write a file-scoped namespace that follows the folders, or move the file",
            IsProduct, NamespaceFindings),
        new Rule($"No file is longer than {FileLimit} lines",
            "look for a second idea in it and give that a file of its own; never raise a number in ratchet.txt",
            files => files.Where(IsProduct).SelectMany(FileLengthFindings)),
        new Rule($"No function is longer than {FunctionLimit} lines",
            "give its steps names; never raise a number in ratchet.txt",
            files => files.Where(IsProduct).SelectMany(FunctionLengthFindings)),
        new Rule("The ratchet lists nothing that has been mended",
            "delete the line from tests/AkkaStream.Tidy.Tests/ratchet.txt", RatchetFindings),
        new Rule($"No line is wider than {Columns} columns",
            "break it where its parts end", files => files.Where(IsProduct).SelectMany(WidthFindings)),
        Rule.PerLine("No line holds a tab or ends with a blank",
            "use four blanks, and run ./dev fmt", file => file.IsCSharp,
            line => line.Contains('\t') ? "a tab" : line.EndsWith(' ') || line.EndsWith(" \r") ? "a blank at the end" : null),
        Rule.PerLine("Lines end with a line feed alone",
            "save the file with LF", file => file.IsCSharp, line => line.EndsWith('\r') ? "a carriage return" : null),
        Rule.PerCodeLine("No regions",
            "a file that needs them holds several ideas: part it", file => file.IsCSharp,
            line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal) ? "a region" : null),
        Rule.PerFile("No type is named after nothing",
            $"say what it is or does; not used at the end of a name: {string.Join(", ", BannedSuffixes)}",
            IsProduct, SuffixFindings),
        Rule.PerLine("Nothing is left to be done",
            "do it now, or write it down where work is planned", file => file.IsCSharp || file.Name.EndsWith(".sh"),
            line => Array.Find(Marks, mark => HasWord(line, mark))),
        Rule.PerFile($"The compiler is told to overlook a null at most {OverlookedNulls} times in a file",
            "check it, or change the type so that it cannot be null", IsProduct,
            file => OverlookedNullFindings(file)),
        Rule.PerCodeLine("No test is skipped",
            "mend it or remove it", IsTest,
            line => line.Contains("Fact(Skip") || line.Contains("Theory(Skip") ? "a skipped test" : null),
        Rule.PerCodeLine("No test waits for time to pass",
            "let the test move the clock, or wait for the event itself", IsTest,
            line => Array.Find(Waits, wait => line.Contains(wait) && !TakesTheTestsClock(line, wait))),
        Rule.PerLine("Nothing names a path of one machine",
            "write a path that holds everywhere, or take it as an argument", IsText,
            line => Array.Find(MachinePaths, line.Contains)),
    ];

    static IEnumerable<(int Line, string What)> NamespaceFindings(SourceFile file)
    {
        var expected = file.Path["src/".Length..file.Path.LastIndexOf('/')].Replace('/', '.');
        var lines = file.CodeLines;
        var line = Array.FindIndex(lines, text => text.StartsWith("namespace ", StringComparison.Ordinal));
        if (line < 0)
        {
            // A file of global usings or assembly attributes declares nothing.
            if (lines.Any(text => text.Trim() is var code && code.Length > 0 && !IsPreamble(code)))
                yield return (1, $"no namespace; expected {expected}");
        }
        else if (lines[line].Trim() != $"namespace {expected};" && !IsForTheCompiler(lines[line]))
        {
            yield return (line + 1, $"expected namespace {expected};");
        }
    }

    /// <summary>A type that an older framework lacks has to stand where the compiler looks for it.</summary>
    static bool IsForTheCompiler(string line) => line.StartsWith("namespace System.", StringComparison.Ordinal);

    static bool IsPreamble(string code) =>
        code.StartsWith("using ", StringComparison.Ordinal) || code.StartsWith("global using ", StringComparison.Ordinal)
        || code.StartsWith("[assembly:", StringComparison.Ordinal) || code.StartsWith("[module:", StringComparison.Ordinal)
        || code.StartsWith('#');

    static IEnumerable<Finding> FileLengthFindings(SourceFile file)
    {
        var limit = Ratchet.OfRepository.Limit(file.Path, FileLimit);
        if (LineCount(file) > limit) yield return new Finding(file.Path, 0, $"{LineCount(file)} lines, allowed {limit}");
    }

    static int LineCount(SourceFile file) => file.Lines.Length - (file.Text.EndsWith('\n') ? 1 : 0);

    static string PlaceOf(SourceFile file, CSharpMember function) => $"{file.Path}#{function.Header}";

    static IEnumerable<Finding> FunctionLengthFindings(SourceFile file)
    {
        foreach (var function in CSharpMembers.Functions(file))
        {
            var limit = Ratchet.OfRepository.Limit(PlaceOf(file, function), FunctionLimit);
            if (function.Length > limit)
                yield return new Finding(file.Path, function.FirstLine, $"{function.Header}: {function.Length} lines, allowed {limit}");
        }
    }

    static IEnumerable<Finding> WidthFindings(SourceFile file)
    {
        var wide = WideLines(file);
        if (wide.Count <= Ratchet.OfRepository.Limit($"{file.Path}@wide", 0)) return [];
        return wide.Select(line => new Finding(file.Path, line, $"{file.Lines[line - 1].Length} columns"));
    }

    static List<int> WideLines(SourceFile file) =>
        [.. Enumerable.Range(1, file.Lines.Length).Where(line => file.Lines[line - 1].TrimEnd('\r').Length > Columns)];

    static IEnumerable<Finding> RatchetFindings(IReadOnlyList<SourceFile> files)
    {
        var numbers = new Dictionary<string, int>();
        foreach (var file in files.Where(IsProduct))
        {
            numbers[file.Path] = LineCount(file);
            numbers[$"{file.Path}@wide"] = WideLines(file).Count;
            foreach (var function in CSharpMembers.Functions(file)) numbers[PlaceOf(file, function)] = function.Length;
        }

        return Ratchet.OfRepository
            .NotNeeded(numbers, place => place.Contains('#') ? FunctionLimit : place.EndsWith("@wide") ? 0 : FileLimit)
            .Select(place => new Finding("tests/AkkaStream.Tidy.Tests/ratchet.txt", 0, $"{place} keeps the rule now"));
    }

    static IEnumerable<(int Line, string What)> SuffixFindings(SourceFile file) =>
        from type in CSharpMembers.Types(file)
        from suffix in BannedSuffixes
        where type.Name.EndsWith(suffix, StringComparison.Ordinal)
        select (type.Line, $"{type.Name} ends in {suffix}");

    /// <summary>A delay on a clock that the test moves takes no time.</summary>
    static bool TakesTheTestsClock(string line, string wait)
    {
        var arguments = line[(line.IndexOf(wait, StringComparison.Ordinal) + wait.Length)..];
        return arguments.Contains(", time") || arguments.Contains(", _time") || arguments.Contains(", Time");
    }

    static bool HasWord(string line, string word)
    {
        var at = line.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(line[at - 1]))
            && (at + word.Length == line.Length || !char.IsLetterOrDigit(line[at + word.Length]));
    }

    /// <summary>An exclamation mark right behind a name or a closing bracket that does not belong to an inequality.</summary>
    static IEnumerable<(int Line, string What)> OverlookedNullFindings(SourceFile file)
    {
        var count = 0;
        for (var i = 0; i < file.CodeLines.Length; i++)
        {
            if (ForgivesNull(file.CodeLines[i]) && ++count > OverlookedNulls) yield return (i + 1, "one more ! behind an expression");
        }
    }

    static bool ForgivesNull(string code)
    {
        for (var i = 1; i < code.Length; i++)
        {
            if (code[i] != '!' || (i + 1 < code.Length && code[i + 1] == '=')) continue;
            if (char.IsLetterOrDigit(code[i - 1]) || code[i - 1] is '_' or ')' or ']' or '>') return true;
        }

        return false;
    }
}
