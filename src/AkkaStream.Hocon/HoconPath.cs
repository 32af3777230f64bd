using System.Text;

namespace AkkaStream.Hocon;

/// <summary>
/// The names from the root of a configuration to one place in it. Written with dots; a name that holds a dot or another
/// special character stands in double quotes.
/// </summary>
public static class HoconPath
{
    /// <summary>Splits a path as it is written in a file or in code: <c>a.b."c.d"</c> has three names.</summary>
    public static string[] Parse(string path)
    {
        // Nearly every path in code is plain names and dots: no parser is needed for those.
        if (IsPlain(path))
        {
            var names = path.Split('.');
            if (Array.IndexOf(names, "") < 0) return names;
        }

        return HoconParser.ParsePath(path);
    }

    /// <summary>Writes a path so that <see cref="Parse"/> gives the same names back.</summary>
    public static string Render(IEnumerable<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            if (text.Length > 0) text.Append('.');
            Append(text, name);
        }

        return text.ToString();
    }

    static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return text.Length > 0;
    }

    static void Append(StringBuilder text, string name)
    {
        if (IsPlain(name) && !name.Contains('.'))
        {
            text.Append(name);
            return;
        }

        text.Append('"');
        foreach (var c in name)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append("\\u").Append(((int)c).ToString("x4"));
            else text.Append(c);
        }

        text.Append('"');
    }
}
