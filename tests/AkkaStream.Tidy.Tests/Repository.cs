namespace AkkaStream.Tidy.Tests;

/// <summary>
/// The files that belong to the project: what lies below the root, without what is built, fetched or generated. Golden
/// data is other programs' and keeps no rules of ours.
/// </summary>
static class Repository
{
    static readonly string[] Skipped =
        [".git", ".vs", ".idea", ".vscode", "artifacts", "node_modules", "TestResults", "__pycache__", "bin", "obj"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(new DirectoryInfo(Root))];

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaStream.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("no folder above the tests holds AkkaStream.sln");
    }

    static IEnumerable<SourceFile> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
            if (!path.StartsWith("tests/golden/", StringComparison.Ordinal))
                yield return new SourceFile(path, () => File.ReadAllText(file.FullName));
        }

        foreach (var child in folder.GetDirectories().OrderBy(child => child.Name, StringComparer.Ordinal))
        {
            if (Skipped.Contains(child.Name) || child.LinkTarget is not null) continue;
            foreach (var file in Walk(child)) yield return file;
        }
    }
}
