using System.Text;
using System.Text.RegularExpressions;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// A subscription by pattern. The language is RE2's, which Kafka uses for its promise of linear time; .NET's engine without backtracking keeps the
/// same promise and refuses the same (back references, look-around). The few ways of writing that differ are put into .NET's.
/// </summary>
sealed class TopicPattern
{
    static readonly Dictionary<string, string> PosixClasses = new()
    {
        ["alnum"] = "0-9A-Za-z", ["alpha"] = "A-Za-z", ["ascii"] = @"\x00-\x7F", ["blank"] = @"\t ", ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9", ["graph"] = "!-~", ["lower"] = "a-z", ["print"] = " -~", ["punct"] = @"!-/:-@\[-`{-~", ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z", ["word"] = "0-9A-Za-z_", ["xdigit"] = "0-9A-Fa-f",
    };

    const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    readonly Regex _regex;

    TopicPattern(Regex regex) => _regex = regex;

    /// <summary>Null when the text is no pattern; then the reason says why.</summary>
    public static TopicPattern? TryCreate(string text, out string reason)
    {
        reason = "";
        try
        {
            // Alone first, so that the reason speaks of the pattern and not of what is put around it.
            string translated = Translate(text);
            _ = new Regex(translated, Options);
            return new TopicPattern(new Regex($@"\A(?:{translated})\z", Options));
        }
        catch (RegexParseException e)
        {
            reason = ReasonOf(e.Error);
        }
        catch (NotSupportedException)
        {
            reason = "back references and look-around are not supported";
        }
        return null;
    }

    public bool Matches(string topic) => _regex.IsMatch(topic);

    static string ReasonOf(RegexParseError error) => error switch
    {
        RegexParseError.UnterminatedBracket => "missing closing ]",
        RegexParseError.InsufficientClosingParentheses => "missing closing )",
        RegexParseError.InsufficientOpeningParentheses => "unexpected )",
        RegexParseError.QuantifierAfterNothing => "missing argument to repetition operator",
        RegexParseError.NestedQuantifiersNotParenthesized => "invalid nested repetition operator",
        RegexParseError.ReversedCharacterRange => "invalid character class range",
        RegexParseError.UnescapedEndingBackslash => @"trailing \ at end of expression",
        _ => error.ToString(),
    };

    static string Translate(string text)
    {
        var translated = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith(@"\Q")) i += TakeQuoted(rest, translated) - 1;
            else if (rest.StartsWith("(?P<")) i += Take(translated, "(?<", 4) - 1;
            else if (rest.StartsWith("[:") && TakePosix(rest, translated) is > 0 and var length) i += length - 1;
            else if (rest.Length >= 3 && rest[0] == '\\' && rest[1] is 'p' or 'P' && rest[2] is >= 'A' and <= 'Z')
                i += Take(translated, $"\\{rest[1]}{{{rest[2]}}}", 3) - 1;
            else if (rest.Length >= 2 && rest[0] == '\\') i += Take(translated, rest[..2].ToString(), 2) - 1;
            else translated.Append(text[i]);
        }
        return translated.ToString();
    }

    static int Take(StringBuilder translated, string replacement, int length)
    {
        translated.Append(replacement);
        return length;
    }

    static int TakeQuoted(ReadOnlySpan<char> rest, StringBuilder translated)
    {
        int end = rest[2..].IndexOf(@"\E");
        var quoted = end < 0 ? rest[2..] : rest.Slice(2, end);
        translated.Append(Regex.Escape(quoted.ToString()));
        return 2 + quoted.Length + (end < 0 ? 0 : 2);
    }

    static int TakePosix(ReadOnlySpan<char> rest, StringBuilder translated)
    {
        int end = rest.IndexOf(":]");
        if (end < 0 || !PosixClasses.TryGetValue(rest[2..end].ToString(), out string? characters)) return 0;
        translated.Append(characters);
        return end + 2;
    }
}
