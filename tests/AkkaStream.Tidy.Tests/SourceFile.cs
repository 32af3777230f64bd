namespace AkkaStream.Tidy.Tests;

/// <summary>One file as rules see it. The path begins at the root of the repository and has forward slashes.</summary>
sealed class SourceFile(string path, Func<string> read)
{
    readonly Lazy<string> _text = new(read);
    readonly Lazy<string[]> _lines = new(() => read().Split('\n'));
    readonly Lazy<string> _code = new(() => CSharpText.CodeOnly(read()));

    public SourceFile(string path, string text)
        : this(path, () => text)
    {
    }

    public string Path { get; } = path;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Text => _text.Value;

    public string[] Lines => _lines.Value;

    /// <summary>The text with strings and comments blanked out, at the same places.</summary>
    public string Code => _code.Value;

    public string[] CodeLines => Code.Split('\n');

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal) && !Path.EndsWith(".g.cs", StringComparison.Ordinal);

    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;
}
