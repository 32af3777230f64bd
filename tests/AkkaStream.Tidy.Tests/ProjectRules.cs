using System.Xml.Linq;

namespace AkkaStream.Tidy.Tests;

/// <summary>Rules about project files.</summary>
static class ProjectRules
{
    const string Prefix = "AkkaStream.";
    const string Central = "Directory.Packages.props";

    static bool IsProject(SourceFile file) => file.Name.EndsWith(".csproj", StringComparison.Ordinal);

    static bool IsRoom(SourceFile file) => file.IsIn("src") && IsProject(file);

    static bool IsBuildFile(SourceFile file) => IsProject(file) || file.Name.EndsWith(".props") || file.Name.EndsWith(".targets");

    public static readonly Rule[] All =
    [
        new Rule("A room knows only the rooms its row in the room table names",
            "move the type to a room both may know, or pass what is needed in from Server; changing the table is a decision",
            files => files.Where(IsRoom).SelectMany(ReferenceFindings)),
        new Rule("A type two rooms away does not compile",
            "set DisableTransitiveProjectReferences to true in the root's Directory.Build.props, and nowhere else in src",
            TransitiveFindings),
        new Rule("Versions of packages stand in one file",
            $"name the version in {Central}, and the package without a version in the project",
            PackageFindings),
    ];

    static string RoomOf(SourceFile project) => Path.GetFileNameWithoutExtension(project.Name)[Prefix.Length..];

    static IEnumerable<Finding> ReferenceFindings(SourceFile project)
    {
        if (!RoomTable.MayReference.TryGetValue(RoomOf(project), out var allowed))
        {
            yield return new Finding(project.Path, 0, $"the room {RoomOf(project)} has no row in the room table (RoomTable.cs)");
            yield break;
        }

        foreach (var reference in XDocument.Parse(project.Text).Descendants("ProjectReference"))
        {
            // A source generator runs in the compiler and is not known at run time.
            if ((string?)reference.Attribute("OutputItemType") == "Analyzer") continue;
            var other = Path.GetFileNameWithoutExtension(((string?)reference.Attribute("Include") ?? "").Replace('\\', '/'));
            if (!other.StartsWith(Prefix, StringComparison.Ordinal) || !allowed.Contains(other[Prefix.Length..]))
                yield return new Finding(project.Path, 0, $"references {other}");
        }
    }

    static IEnumerable<Finding> TransitiveFindings(IReadOnlyList<SourceFile> files)
    {
        const string setting = "DisableTransitiveProjectReferences";
        var root = files.Single(file => file.Path == "Directory.Build.props");
        if ((string?)XDocument.Parse(root.Text).Descendants(setting).SingleOrDefault() != "true")
            yield return new Finding(root.Path, 0, $"{setting} is not true");
        foreach (var file in files.Where(file => file.IsIn("src") && IsBuildFile(file)))
        {
            if (XDocument.Parse(file.Text).Descendants(setting).Any()) yield return new Finding(file.Path, 0, $"sets {setting}");
        }
    }

    static IEnumerable<Finding> PackageFindings(IReadOnlyList<SourceFile> files)
    {
        var central = files.Single(file => file.Path == Central);
        var known = XDocument.Parse(central.Text).Descendants("PackageVersion").Select(e => (string?)e.Attribute("Include")).ToHashSet();
        foreach (var file in files.Where(IsBuildFile))
        {
            foreach (var package in XDocument.Parse(file.Text).Descendants("PackageReference"))
            {
                var name = (string?)package.Attribute("Include") ?? (string?)package.Attribute("Update");
                if (package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
                    || package.Element("Version") is not null)
                {
                    yield return new Finding(file.Path, 0, $"names a version of {name}");
                }

                if (!known.Contains(name)) yield return new Finding(file.Path, 0, $"{name} is not in {Central}");
            }
        }
    }
}
