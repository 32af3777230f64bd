namespace AkkaStream.Server.Tests;

/// <summary>The files beside the code that a user takes as they are.</summary>
static class Checkout
{
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    static string Find()
    {
        string dir = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(dir, "AkkaStream.sln"))) dir = Path.GetDirectoryName(dir)!;
        return dir;
    }
}
