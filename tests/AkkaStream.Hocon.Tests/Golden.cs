namespace AkkaStream.Hocon.Tests;

static class Golden
{
    /// <summary>tests/golden, found by going up from where the tests run.</summary>
    public static string Folder { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaStream.sln"))) return Path.Combine(folder.FullName, "tests", "golden");
        }

        throw new DirectoryNotFoundException("no folder above the tests holds AkkaStream.sln");
    }
}
