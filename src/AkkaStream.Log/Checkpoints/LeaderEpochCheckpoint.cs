using System.Globalization;

namespace AkkaStream.Log.Checkpoints;

/// <summary>The file `leader-epoch-checkpoint`: epoch and first offset per line. Pure: bytes in, entries out, and back.</summary>
public static class LeaderEpochCheckpoint
{
    const int Version = 0;

    public static byte[] Format(ReadOnlySpan<EpochStart> entries)
    {
        string[] lines = new string[entries.Length];
        for (int i = 0; i < lines.Length; i++)
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{entries[i].Epoch.Value} {entries[i].Start.Value}");
        return CheckpointText.Format(Version, lines);
    }

    /// <summary>Null with the reason when the file does not hold what it announces, or its entries do not rise.</summary>
    public static EpochStart[]? Parse(ReadOnlySpan<byte> content, out string? problem)
    {
        string[]? lines = CheckpointText.Parse(content, Version, out problem);
        if (lines == null) return null;
        var entries = new EpochStart[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].Split(' ');
            if (parts.Length != 2 || !CheckpointText.TryNumber(parts[0], out long epoch) || epoch is < 0 or > int.MaxValue
                || !CheckpointText.TryNumber(parts[1], out long start) || start < 0)
            {
                problem = $"\"{lines[i]}\" is not an epoch and an offset";
                return null;
            }
            entries[i] = new EpochStart(new LeaderEpoch((int)epoch), new Offset(start));
            if (i > 0 && (entries[i].Epoch <= entries[i - 1].Epoch || entries[i].Start < entries[i - 1].Start))
            {
                problem = $"\"{lines[i]}\" does not rise above the line before";
                return null;
            }
        }
        return entries;
    }
}
