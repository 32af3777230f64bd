using System.Text;

namespace AkkaStream.Hocon;

/// <summary>
/// How <c>include</c> finds texts: files beside the including one, and embedded resources when a resolver is given.
/// Nothing is ever fetched over a network. One instance serves one parse: it knows which files are open, so that a
/// circle of includes is named and not followed.
/// </summary>
public sealed class HoconIncludes
{
    const int MaxFileBytes = 16 * 1024 * 1024;
    const int MaxOpen = 50;
    const int MaxTotal = 1000;

    static readonly string[] Extensions = [".properties", ".json", ".conf"];

    readonly bool _files;
    readonly Func<string, string?>? _resources;
    readonly List<string> _open = [];
    int _total;

    HoconIncludes(bool files, Func<string, string?>? resources)
    {
        _files = files;
        _resources = resources;
    }

    /// <summary>Every include that must exist fails, every other is skipped.</summary>
    public static HoconIncludes None => new(files: false, resources: null);

    /// <param name="resources">Name to text, or null when there is none; for <c>classpath("...")</c>.</param>
    public static HoconIncludes Files(Func<string, string?>? resources = null) => new(files: true, resources);

    /// <summary>A file's text, or null when there is no such file.</summary>
    internal static string? ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            if (file.Length > MaxFileBytes)
                throw new HoconException(HoconOrigin.Of(path),
                    $"has {file.Length} bytes; a configuration may have {MaxFileBytes}");
            return Decode(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(HoconOrigin.Of(path), $"cannot be read: {e.Message}");
        }
    }

    internal static string Decode(ReadOnlySpan<byte> bytes, string source)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new HoconException(HoconOrigin.Of(source), $"is not UTF-8 at byte {e.Index}; save it as UTF-8");
        }
    }

    internal IReadOnlyList<IncludedText> Read(IncludeRequest request)
    {
        var found = request.Form switch
        {
            IncludeForm.Url => throw NoNetwork(request),
            IncludeForm.Beside when LooksLikeUrl(request.Name) => throw NoNetwork(request),
            IncludeForm.Resource when _resources is null => throw new HoconException(request.Origin,
                "classpath(...) names a resource of a Java program and means nothing here; use file(\"...\")"),
            IncludeForm.Resource => ReadAll(request.Name.TrimStart('/'), _resources),
            _ => ReadBeside(request),
        };
        if (found.Count > 0 || !request.Required) return found;
        throw new HoconException(request.Origin,
            $"the required file \"{request.Name}\" does not exist; create it, or leave out required(...)");
    }

    List<IncludedText> ReadBeside(IncludeRequest request)
    {
        if (_files)
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(request.From)) ?? "";
            var found = ReadAll(Path.Combine(folder, request.Name), ReadFile);
            if (found.Count > 0) return found;
        }

        return _resources is null ? [] : ReadAll(request.Name.TrimStart('/'), _resources);
    }

    /// <summary>Without an extension all that exist are read, the HOCON one last, so that it wins.</summary>
    static List<IncludedText> ReadAll(string name, Func<string, string?> read)
    {
        var texts = new List<IncludedText>();
        if (Array.Exists(Extensions, extension => name.EndsWith(extension, StringComparison.Ordinal)))
        {
            Add(name);
            return texts;
        }

        foreach (var extension in Extensions) Add(name + extension);
        if (texts.Count == 0) Add(name);
        return texts;

        void Add(string candidate)
        {
            if (read(candidate) is { } text) texts.Add(new IncludedText(candidate, text));
        }
    }

    static bool LooksLikeUrl(string name) =>
        name.Contains("://", StringComparison.Ordinal) || name.StartsWith("file:", StringComparison.Ordinal);

    static HoconException NoNetwork(IncludeRequest request) => new(request.Origin,
        $"\"{request.Name}\" is a URL, and configuration is never fetched while starting; " +
        "copy the file here and include it with file(\"...\")");

    /// <summary>Notes that a text is being read, until the answer is disposed of.</summary>
    internal Opened Enter(string source, HoconOrigin origin)
    {
        var name = _files && File.Exists(source) ? Path.GetFullPath(source) : source;
        if (_open.Contains(name))
        {
            var circle = string.Join(" -> ", _open[_open.IndexOf(name)..]);
            throw new HoconException(origin,
                $"files include each other in a circle: {circle} -> {name}; remove one include");
        }

        if (_open.Count >= MaxOpen || ++_total > MaxTotal)
            throw new HoconException(origin,
                $"too many includes (at most {MaxOpen} deep and {MaxTotal} in all); join some of the files");
        _open.Add(name);
        return new Opened(_open);
    }

    internal readonly ref struct Opened(List<string> open)
    {
        public void Dispose() => open.RemoveAt(open.Count - 1);
    }
}

enum IncludeForm
{
    Beside,
    File,
    Resource,
    Url,
}

readonly record struct IncludeRequest(IncludeForm Form, string Name, bool Required, string From, HoconOrigin Origin);

sealed record IncludedText(string Source, string Text)
{
    public bool IsProperties => Source.EndsWith(".properties", StringComparison.Ordinal);
}
