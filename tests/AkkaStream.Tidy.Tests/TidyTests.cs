namespace AkkaStream.Tidy.Tests;

/// <summary>Every rule on every file of the repository. The message names each place and the cure.</summary>
public sealed class TidyTests
{
    internal static readonly Rule[] Rules = [.. SourceRules.All, .. ProjectRules.All, .. DocumentRules.All];

    public static TheoryData<string> Names => [.. Rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_repository_keeps_the_rule(string name)
    {
        var rule = Rules.Single(rule => rule.Name == name);

        var findings = rule.Find(Repository.Files).ToList();

        Assert.True(findings.Count == 0,
            $"{rule.Name}. To mend it: {rule.Cure}.\n{string.Join('\n', findings.Take(50))}" +
            (findings.Count > 50 ? $"\n... and {findings.Count - 50} more" : ""));
    }

    [Fact]
    public void The_repository_was_found()
    {
        Assert.Contains(Repository.Files, file => file.Path == "AkkaStream.sln");
        Assert.Contains(Repository.Files, file => file.Path == "src/AkkaStream.Hocon/HoconParser.cs");
        Assert.DoesNotContain(Repository.Files, file => file.IsIn("artifacts") || file.IsIn("tests/golden"));
    }
}
