using System.Globalization;
using System.Text;

namespace AkkaStream.Hocon;

/// <summary>
/// The lines of a properties file, in Java's two steps, because the result differs otherwise: first natural lines are
/// joined to logical ones where a backslash says so, then name, separator and value are parted and escapes read.
/// </summary>
sealed class PropertiesReader(string text, string source)
{
    readonly StringBuilder _logical = new();
    int _position;
    int _line = 1;

    public List<Property> Read()
    {
        var entries = new List<Property>();
        if (text.StartsWith('\ufeff')) _position++;
        while (ReadLogicalLine() is { } start)
        {
            var origin = new HoconOrigin(source, start, 0);
            var line = _logical.ToString();
            var nameEnd = FindNameEnd(line);
            var name = Unescape(line.AsSpan(0, nameEnd), origin);
            entries.Add(new Property(name, Unescape(line.AsSpan(FindValue(line, nameEnd)), origin), origin));
        }

        return entries;
    }

    /// <summary>
    /// The number of its first natural line; null at the end. Blank lines and comments are passed over.
    /// </summary>
    int? ReadLogicalLine()
    {
        _logical.Clear();
        var start = _line;
        var escaped = false;
        while (_position < text.Length)
        {
            var c = text[_position];
            if (_logical.Length == 0 && (IsBlank(c) || IsLineEnd(c) || c is '#' or '!'))
            {
                // A comment never goes on in the next line, whatever it ends with.
                if (IsLineEnd(c)) SkipLineEnd();
                else if (IsBlank(c)) _position++;
                else _position = EndOfLine();
                start = _line;
            }
            else if (!IsLineEnd(c))
            {
                _logical.Append(c);
                escaped = c == '\\' && !escaped;
                _position++;
            }
            else
            {
                var last = _position + 1 == text.Length;
                SkipLineEnd();
                if (!escaped) return start;
                _logical.Length--;
                escaped = false;
                if (last) return start;
                while (_position < text.Length && IsBlank(text[_position])) _position++;
            }
        }

        if (_logical.Length == 0) return null;
        if (escaped) _logical.Length--;
        return start;
    }

    static bool IsBlank(char c) => c is ' ' or '\t' or '\f';

    static bool IsLineEnd(char c) => c is '\n' or '\r';

    int EndOfLine()
    {
        var end = text.AsSpan(_position).IndexOfAny('\n', '\r');
        return end < 0 ? text.Length : _position + end;
    }

    void SkipLineEnd()
    {
        if (text[_position] == '\r' && _position + 1 < text.Length && text[_position + 1] == '\n') _position++;
        _position++;
        _line++;
    }

    static int FindNameEnd(string line)
    {
        var escaped = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (!escaped && (IsBlank(line[i]) || line[i] is '=' or ':')) return i;
            escaped = line[i] == '\\' && !escaped;
        }

        return line.Length;
    }

    /// <summary>Behind the name: white space, at most one = or :, white space.</summary>
    static int FindValue(string line, int from)
    {
        var separated = false;
        for (; from < line.Length; from++)
        {
            if (IsBlank(line[from])) continue;
            if (separated || line[from] is not ('=' or ':')) break;
            separated = true;
        }

        return from;
    }

    static string Unescape(ReadOnlySpan<char> written, HoconOrigin origin)
    {
        if (!written.Contains('\\')) return written.ToString();
        var result = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\' || i + 1 == written.Length)
            {
                result.Append(written[i]);
                continue;
            }

            i++;
            if (written[i] != 'u')
            {
                result.Append(Named(written[i]));
            }
            else if (i + 4 < written.Length
                && ushort.TryParse(written.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, null, out var unit))
            {
                result.Append((char)unit);
                i += 4;
            }
            else
            {
                throw new HoconException(origin, "\\u must be followed by four hexadecimal digits");
            }
        }

        return result.ToString();
    }

    /// <summary>A backslash before any other character means that character.</summary>
    static char Named(char c) => c switch
    {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\f',
        _ => c,
    };
}
