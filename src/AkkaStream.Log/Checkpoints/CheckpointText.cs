using System.Globalization;
using System.Text;

namespace AkkaStream.Log.Checkpoints;

/// <summary>
/// The line format that all of Kafka's checkpoint files share: a version, the number of entries, one line for each. A file that does not
/// hold what it announces is refused as a whole, for a part of it would be a wrong truth.
/// </summary>
static class CheckpointText
{
    public static byte[] Format(int version, IReadOnlyCollection<string> entries)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{version}\n{entries.Count}\n");
        foreach (string entry in entries) text.Append(entry).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The entry lines, or null with the reason.</summary>
    public static string[]? Parse(ReadOnlySpan<byte> content, int version, out string? problem)
    {
        string[] lines = Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries);
        problem = null;
        if (lines.Length < 2)
        {
            problem = "it ends before the number of entries";
        }
        else if (!TryNumber(lines[0], out long found) || found != version)
        {
            problem = $"its version is \"{lines[0]}\", known is {version}";
        }
        else if (!TryNumber(lines[1], out long count) || count < 0)
        {
            problem = $"\"{lines[1]}\" is no number of entries";
        }
        else
        {
            string[] entries = [.. lines.Skip(2).Where(line => line.Length > 0)];
            if (entries.Length == count) return entries;
            problem = $"it announces {count} entries and holds {entries.Length}";
        }
        return null;
    }

    public static bool TryNumber(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
