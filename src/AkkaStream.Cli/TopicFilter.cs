using System.Text.RegularExpressions;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli;

/// <summary>
/// Kafka's way of naming several topics: a pattern that must match the whole name, where a comma stands for "or". A plain name needs no
/// pattern engine, which would cost more than the rest of the command.
/// </summary>
sealed class TopicFilter
{
    readonly string _pattern;
    readonly Regex? _regex;

    public TopicFilter(string text)
    {
        _pattern = PatternOf(text);
        if (IsPlain(_pattern)) return;
        try
        {
            _regex = new Regex($"^(?:{_pattern})$", RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{text} is an invalid regex: {e.Message}");
        }
    }

    /// <summary>The regular expression that is meant.</summary>
    public static string PatternOf(string text) =>
        text.Trim().Replace(',', '|').Replace(" ", "", StringComparison.Ordinal).Trim('"', '\'');

    static bool IsPlain(string pattern)
    {
        foreach (char c in pattern)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        return true;
    }

    public bool Matches(string topic) => _regex is not null ? _regex.IsMatch(topic) : MatchesPlain(topic);

    // The dot matches any letter, in a plain name too.
    bool MatchesPlain(string topic)
    {
        if (topic.Length != _pattern.Length) return false;
        for (int i = 0; i < topic.Length; i++)
            if (_pattern[i] != '.' && _pattern[i] != topic[i]) return false;
        return true;
    }

    /// <summary>Kafka's own topics.</summary>
    public static bool IsInternal(string topic) => topic is "__consumer_offsets" or "__transaction_state" or "__share_group_state";
}
