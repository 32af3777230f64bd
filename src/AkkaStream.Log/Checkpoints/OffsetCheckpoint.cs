using System.Globalization;

namespace AkkaStream.Log.Checkpoints;

/// <summary>
/// One offset per partition of a log directory, as text: recovery points, log starts, high watermarks and cleaner positions are
/// all kept this way. Pure: bytes in, table out, and back.
/// </summary>
public static class OffsetCheckpoint
{
    public const string RecoveryPoints = "recovery-point-offset-checkpoint";
    public const string LogStarts = "log-start-offset-checkpoint";
    public const string HighWatermarks = "replication-offset-checkpoint";
    public const string CleanerPositions = "cleaner-offset-checkpoint";

    const int Version = 0;

    public static byte[] Format(IEnumerable<KeyValuePair<PartitionName, long>> offsets) =>
        CheckpointText.Format(
            Version,
            [.. offsets.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key.Topic} {entry.Key.Partition} {entry.Value}"))]);

    /// <summary>Null with the reason when the file does not hold what it announces.</summary>
    public static Dictionary<PartitionName, long>? Parse(ReadOnlySpan<byte> content, out string? problem)
    {
        string[]? entries = CheckpointText.Parse(content, Version, out problem);
        if (entries == null) return null;
        var offsets = new Dictionary<PartitionName, long>(entries.Length);
        foreach (string entry in entries)
        {
            string[] parts = entry.Split(' ');
            if (parts.Length != 3 || !CheckpointText.TryNumber(parts[1], out long partition)
                || partition is < 0 or > int.MaxValue || !CheckpointText.TryNumber(parts[2], out long offset) || offset < 0)
            {
                problem = $"\"{entry}\" is not a topic, a partition and an offset";
                return null;
            }
            offsets[new PartitionName(parts[0], (int)partition)] = offset;
        }
        return offsets;
    }
}
