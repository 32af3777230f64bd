using AkkaStream.Hocon.Syntax;

namespace AkkaStream.Hocon;

/// <summary>
/// Text to tree. Reads HOCON, and JSON as a part of it, in one pass over the characters, with one look ahead. Called at
/// start-up and by tests. Every complaint names file, line and column and says what to write instead. A hostile file
/// gets a complaint too: nesting, includes and file size are bounded, so neither stack nor memory can be exhausted.
/// </summary>
public static class HoconParser
{
    /// <summary>Objects, lists and path elements inside one another.</summary>
    internal const int MaxDepth = 200;

    /// <param name="text">The configuration itself.</param>
    /// <param name="source">How to call it in messages; for a file its path, from which includes are found.</param>
    /// <param name="includes">How includes are found; files next to the source when left out.</param>
    public static HoconDocument Parse(string text, string source = "text", HoconIncludes? includes = null) =>
        HoconDocument.Of(new DocumentReader(text, source, includes ?? HoconIncludes.Files()).ReadDocument());

    public static HoconDocument ParseFile(string path, HoconIncludes? includes = null)
    {
        includes ??= HoconIncludes.Files();
        var text = HoconIncludes.ReadFile(path)
            ?? throw new HoconException(HoconOrigin.Of(path), "there is no such file; check the path");
        using var _ = includes.Enter(path, HoconOrigin.Of(path));
        return Parse(text, path, includes);
    }

    internal static string[] ParsePath(string path)
    {
        var reader = new DocumentReader(path, $"path \"{path}\"", HoconIncludes.None);
        return reader.ReadWholePath();
    }
}
