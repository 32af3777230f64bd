using System.Text;

namespace AkkaStream.Log.Checkpoints;

/// <summary>
/// The file `partition.metadata`: which topic a directory belongs to, by id. A directory whose id is another one's is stray and is never
/// served. The id is kept in Kafka's text form. Pure: bytes in, id out, and back.
/// </summary>
public static class PartitionMetadataFile
{
    public static byte[] Format(string topicId) => Encoding.UTF8.GetBytes($"version: 0\ntopic_id: {topicId}");

    /// <summary>Null with the reason when the file is not understood.</summary>
    public static string? Parse(ReadOnlySpan<byte> content, out string? problem)
    {
        string? version = null, topicId = null;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("version:", StringComparison.Ordinal)) version = line["version:".Length..].Trim();
            if (line.StartsWith("topic_id:", StringComparison.Ordinal)) topicId = line["topic_id:".Length..].Trim();
        }
        problem = version != "0" ? $"its version is \"{version}\", known is 0"
            : string.IsNullOrEmpty(topicId) ? "it names no topic id"
            : null;
        return problem == null ? topicId : null;
    }
}
