using System.Text.RegularExpressions;

namespace AkkaStream.Server.Tests.House;

/// <summary>What a newcomer reads first is short and leads somewhere.</summary>
public sealed partial class Documents
{
    public static TheoryData<string> Pages =>
        ["README.md", "docs/running.md", "docs/DESIGN.md", "docs/STYLE.md", "deploy/README.md", "k8s/README.md", "hocon/README.md"];

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)")]
    private static partial Regex Links { get; }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        foreach (Match link in Links.Matches(Checkout.Read(page)))
        {
            string target = Path.Combine(Checkout.Root, folder, link.Groups[1].Value);
            Assert.True(Path.Exists(target), $"{page} leads to {link.Groups[1].Value}, which is not there");
        }
    }

    [Fact]
    public void The_readme_is_one_screen()
    {
        string[] lines = Checkout.Read("README.md").Split('\n');

        Assert.InRange(lines.Length, 10, 50);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 150));
    }
}
