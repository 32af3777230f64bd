using System.Text;

namespace AkkaStream.Tidy.Tests;

/// <summary>
/// Just enough of C#'s lexis to tell code from strings and comments. Raw, verbatim and interpolated strings are blanked
/// out whole; what stands in an interpolation's braces is blanked with them.
/// </summary>
static class CSharpText
{
    /// <summary>The same text with every character of a string, character or comment replaced by a blank.</summary>
    public static string CodeOnly(string text)
    {
        var code = new StringBuilder(text);
        var position = 0;
        while (position < text.Length)
        {
            var end = EndOfOther(text, position);
            if (end == position)
            {
                position++;
                continue;
            }

            for (; position < end; position++)
            {
                if (text[position] is not ('\n' or '\r')) code[position] = ' ';
            }
        }

        return code.ToString();
    }

    /// <summary>The end of the string or comment that begins here; here itself when there is code.</summary>
    static int EndOfOther(string text, int start)
    {
        var rest = text.AsSpan(start);
        if (rest.StartsWith("//")) return IndexOrEnd(text, "\n", start);
        if (rest.StartsWith("/*")) return AfterOrEnd(text, "*/", start + 2);
        if (rest[0] == '\'') return EndOfQuoted(text, start + 1, '\'');
        var prefix = rest[0] is '$' or '@' or '"' ? rest.IndexOfAnyExcept('$', '@') : -1;
        if (prefix < 0 || rest[prefix] != '"') return start;
        var quotes = 0;
        while (prefix + quotes < rest.Length && rest[prefix + quotes] == '"') quotes++;
        var body = start + prefix + quotes;
        if (quotes >= 3) return AfterOrEnd(text, new string('"', quotes), body);
        if (quotes == 2) return body;
        if (rest[..prefix].Contains('@')) return EndOfVerbatim(text, body);
        return rest[..prefix].Contains('$') ? EndOfInterpolated(text, body) : EndOfQuoted(text, body, '"');
    }

    static int EndOfQuoted(string text, int position, char quote)
    {
        while (position < text.Length && text[position] != quote && text[position] != '\n')
            position += text[position] == '\\' ? 2 : 1;
        return Math.Min(position + 1, text.Length);
    }

    static int EndOfVerbatim(string text, int position)
    {
        while (position < text.Length)
        {
            if (text[position] != '"') position++;
            else if (position + 1 < text.Length && text[position + 1] == '"') position += 2;
            else return position + 1;
        }

        return text.Length;
    }

    /// <summary>An interpolation may hold strings of its own, and those braces and quotes.</summary>
    static int EndOfInterpolated(string text, int position)
    {
        var depth = 0;
        while (position < text.Length)
        {
            var c = text[position];
            if (depth == 0 && c == '"') return position + 1;
            if (depth == 0 && c == '\\') position++;
            else if (c is '{' or '}' && depth == 0 && position + 1 < text.Length && text[position + 1] == c) position++;
            else if (c == '{') depth++;
            else if (c == '}') depth--;
            else if (depth > 0 && EndOfOther(text, position) is var end && end > position) position = end - 1;
            position++;
        }

        return text.Length;
    }

    static int IndexOrEnd(string text, string what, int from) =>
        text.IndexOf(what, from, StringComparison.Ordinal) is var index && index >= 0 ? index : text.Length;

    static int AfterOrEnd(string text, string what, int from) =>
        text.IndexOf(what, from, StringComparison.Ordinal) is var index && index >= 0 ? index + what.Length : text.Length;
}
