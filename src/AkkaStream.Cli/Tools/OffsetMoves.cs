using System.Globalization;
using System.Xml;
using AkkaStream.Client;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli.Tools;

/// <summary>The ways of --reset-offsets, as they stand on the command line.</summary>
static class OffsetMoves
{
    static readonly string[] Ways =
        ["shift-by", "from-file", "to-datetime", "by-duration", "to-latest", "to-current", "to-earliest", "to-offset"];

    public static void Check(Parsed parsed)
    {
        if (parsed.Has("dry-run") && parsed.Has("execute"))
            throw new UsageException("Option [reset-offsets] only accepts one of [execute] and [dry-run]");
        string[] chosen = [.. Ways.Where(parsed.Has)];
        if (chosen.Length == 0)
        {
            throw new UsageException(
                $"Option '[reset-offsets]' requires one of the following scenarios: [{string.Join(", ", Ways.Select(w => $"[{w}]"))}]");
        }
        if (chosen.Length > 1) throw new UsageException($"Option \"[{chosen[1]}]\" can't be used with option \"[{chosen[0]}]\"");
        if (parsed.Count("topic", "all-topics", "from-file") == 0)
            throw new UsageException("One of the reset scopes should be defined: --all-topics, --topic.");
    }

    /// <summary>Milliseconds since 1970. Without a zone the time is meant in UTC.</summary>
    public static long Milliseconds(string text)
    {
        if (!text.Contains('T', StringComparison.Ordinal))
            throw new ToolFailedException($"Error parsing timestamp '{text}'. It does not contain a 'T' according to ISO8601 format");
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new ToolFailedException(
                $"Error parsing timestamp '{text}': it is written 'YYYY-MM-DDThh:mm:ss.sss', with a zone if it is not UTC");
    }

    public static TimeSpan Duration(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ToolFailedException($"Text '{text}' cannot be parsed to a Duration: it is written PnDTnHnMnS, as in P1DT2H");
        }
    }

    /// <summary>Lines of topic,partition,offset; with several groups the group stands before.</summary>
    public static Dictionary<string, Dictionary<TopicPartition, long>> ReadFile(string path, IReadOnlyList<string> groups)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolFailedException($"Unable to read file {path}: {e.Message}");
        }
        var result = groups.ToDictionary(g => g, _ => new Dictionary<TopicPartition, long>());
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            string[] fields = [.. lines[i].Split(',').Select(f => f.Trim().Trim('"'))];
            string? group = fields.Length == 3 && groups.Count == 1 ? groups[0] : fields.Length == 4 ? fields[0] : null;
            if (group is null || !int.TryParse(fields[^2], out int partition) || !long.TryParse(fields[^1], out long offset))
            {
                string form = groups.Count == 1 ? "topic,partition,offset" : "group,topic,partition,offset";
                throw new ToolFailedException($"{path}, line {i + 1}: '{lines[i]}' is not {form}");
            }
            if (result.TryGetValue(group, out var offsets)) offsets[new TopicPartition(fields[^3], partition)] = offset;
        }
        return result;
    }
}
