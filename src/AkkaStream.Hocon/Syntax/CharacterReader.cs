using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaStream.Hocon.Syntax;

/// <summary>
/// The characters of one text and the place in it: white space, comments, quoted strings. Base of
/// <see cref="DocumentReader"/>, which knows the grammar.
/// </summary>
abstract class CharacterReader(string text, string source)
{
    int _line = 1;
    int _lineStart;

    protected string Text => text;
    protected string Source => source;
    protected int Position { get; private set; }
    protected bool AtEnd => Position >= text.Length;
    protected char Current => text[Position];
    protected HoconOrigin Here => new(source, _line, Position - _lineStart + 1);

    protected bool Next(char c) => Position < text.Length && text[Position] == c;

    protected bool Next(string expected)
    {
        if (text.Length - Position < expected.Length) return false;
        for (var i = 0; i < expected.Length; i++)
        {
            if (text[Position + i] != expected[i]) return false;
        }

        return true;
    }

    protected bool AtComment => Next('#') || Next("//");

    /// <summary>Characters that no unquoted text may hold; each has a meaning or is kept for one.</summary>
    protected static bool IsReserved(char c) => c is '$' or '"' or '{' or '}' or '[' or ']' or ':' or '=' or ',' or '+'
        or '#' or '`' or '^' or '?' or '!' or '@' or '*' or '&' or '\\';

    protected void Skip(int count = 1)
    {
        for (var end = Math.Min(Position + count, text.Length); Position < end; Position++)
        {
            if (text[Position] != '\n') continue;
            _line++;
            _lineStart = Position + 1;
        }
    }

    protected string TextFrom(int start) => text[start..Position];

    /// <summary>The rest of the line, for messages that show what to quote.</summary>
    protected string RestOfLine(int from)
    {
        var end = text.AsSpan(from).IndexOf('\n');
        return (end < 0 ? text[from..] : text.Substring(from, end)).Trim();
    }

    /// <summary>White space within a line.</summary>
    protected void SkipBlanks()
    {
        while (Position < text.Length && text[Position] != '\n' && IsBlank(text[Position])) Position++;
    }

    /// <summary>
    /// White space, line ends and comments; tells whether there was a line end, which may separate fields.
    /// </summary>
    protected bool SkipLayout()
    {
        var before = _line;
        while (true)
        {
            if (AtEnd) return true;
            if (IsBlank(Current))
            {
                Skip();
            }
            else if (AtComment)
            {
                while (!AtEnd && Current != '\n') Position++;
            }
            else
            {
                return _line > before;
            }
        }
    }

    /// <summary>
    /// HOCON's white space: Unicode's separators, the byte order mark, and ASCII controls that move or separate.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static bool IsBlank(char c) =>
        c <= ' ' ? c is ' ' or (>= '\t' and <= '\r') or (>= '\x1c' and <= '\x1f') : c >= '\xa0' && IsUnicodeBlank(c);

    static bool IsUnicodeBlank(char c) => c == '\ufeff' || char.IsSeparator(c);

    /// <summary>
    /// A string in double quotes, with JSON's escapes, or one in three, with none. The reader stands on the first.
    /// </summary>
    protected string ReadQuoted()
    {
        return Next("\"\"\"") ? ReadTripleQuoted() : ReadSingleQuoted();
    }

    string ReadTripleQuoted()
    {
        var origin = Here;
        Skip(3);
        var start = Position;
        var end = text.IndexOf("\"\"\"", start, StringComparison.Ordinal);
        if (end < 0) throw new HoconException(origin, "this \"\"\" string is never closed; end it with \"\"\"");

        // More than three quotes: the last three close it, the others belong to the string.
        while (end + 3 < text.Length && text[end + 3] == '"') end++;
        Skip(end - start + 3);
        return text[start..end];
    }

    string ReadSingleQuoted()
    {
        var origin = Here;
        Skip();
        var start = Position;
        var end = text.AsSpan(start).IndexOfAny('"', '\\', '\n');
        if (end >= 0 && text[start + end] == '"' && !HasControl(text.AsSpan(start, end)))
        {
            Skip(end + 1);
            return text.Substring(start, end);
        }

        var result = new StringBuilder();
        while (!AtEnd)
        {
            var c = Current;
            if (c == '"')
            {
                Skip();
                return result.ToString();
            }

            if (c == '\n') break;
            if (c < ' ')
            {
                throw new HoconException(Here, $"a quoted string may not hold the control character U+{(int)c:x4}; " +
                    $"write \\u{(int)c:x4}, or use a \"\"\" string");
            }

            if (c == '\\') result.Append(ReadEscape());
            else result.Append(c);
            if (c != '\\') Skip();
        }

        throw new HoconException(origin, "this string is never closed on its line; end it with \", " +
            "or use \"\"\" for a text of several lines");
    }

    char ReadEscape()
    {
        var origin = Here;
        Skip();
        var c = AtEnd ? '\0' : Current;
        Skip();
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when Position + 4 <= text.Length
                && ushort.TryParse(text.AsSpan(Position, 4), NumberStyles.AllowHexSpecifier, null, out var unit):
                Skip(4);
                return (char)unit;
            default:
                throw new HoconException(origin,
                    "unknown escape in a quoted string; known are \\\" \\\\ \\/ \\b \\f \\n " +
                    "\\r \\t and \\u with four hexadecimal digits. Write \\\\ for a backslash");
        }
    }

    static bool HasControl(ReadOnlySpan<char> span) => span.IndexOfAnyInRange('\0', '\x1f') >= 0;
}
