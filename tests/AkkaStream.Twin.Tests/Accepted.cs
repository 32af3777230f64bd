using System.Text.RegularExpressions;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>A known difference: steps of a script by their label, where * stands for any text, and why ours is the better answer.</summary>
/// <param name="Reason">"silent": Kafka says nothing, or UNKNOWN_SERVER_ERROR. "stricter": Kafka takes damaged data.</param>
sealed record Accepted(string Script, string Label, string Reason, string Api, string Why)
{
    public static IReadOnlyList<Accepted> All { get; } = [.. Read()];

    public bool Covers(TwinStep step) => step.Script == Script && Pattern.IsMatch(step.Label);

    Regex Pattern { get; } = new("^" + Regex.Escape(Label).Replace(@"\*", ".*") + "$");

    static IEnumerable<Accepted> Read()
    {
        string file = Path.Combine(GoldenFiles.Root, "..", "AkkaStream.Twin.Tests", "accepted.txt");
        foreach (string line in File.ReadLines(file).Where(l => l.Length > 0 && !l.StartsWith('#')))
        {
            string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
            if (parts is not [var script, var label, "silent" or "stricter", var api, var why])
                throw new InvalidDataException($"accepted.txt: script | label | silent or stricter | API | why, not {line}");
            yield return new Accepted(script, label, parts[2], api, why);
        }
    }
}
