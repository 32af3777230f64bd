using System.Text;

namespace AkkaStream.Log.Checkpoints;

/// <summary>
/// The file `meta.properties` of a log directory: whose it is. Other keys than the known ones are kept as they are. Pure: bytes in, facts
/// out, and back.
/// </summary>
public sealed record MetaProperties
{
    public const string Name = "meta.properties";

    const string VersionKey = "version";
    const string ClusterIdKey = "cluster.id";
    const string NodeIdKey = "node.id";
    const string OldNodeIdKey = "broker.id";
    const string DirectoryIdKey = "directory.id";

    public int Version { get; init; } = 1;
    public string? ClusterId { get; init; }
    public int? NodeId { get; init; }
    public string? DirectoryId { get; init; }
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();

    public byte[] Format()
    {
        var text = new StringBuilder("# Written by the broker. Which node and directory this is: do not copy it to another one.\n");
        if (NodeId != null) text.Append(NodeIdKey).Append('=').Append(NodeId).Append('\n');
        if (DirectoryId != null) text.Append(DirectoryIdKey).Append('=').Append(DirectoryId).Append('\n');
        text.Append(VersionKey).Append('=').Append(Version).Append('\n');
        if (ClusterId != null) text.Append(ClusterIdKey).Append('=').Append(ClusterId).Append('\n');
        foreach (var (key, value) in Others) text.Append(key).Append('=').Append(value).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Null with the reason when the file is not understood.</summary>
    public static MetaProperties? Parse(ReadOnlySpan<byte> content, out string? problem)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries))
        {
            int equals = line.IndexOf('=');
            if (equals > 0 && line[0] is not ('#' or '!')) found[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }
        problem = null;
        if (!found.Remove(VersionKey, out string? version)) problem = "it names no version";
        else if (version is not ("0" or "1")) problem = $"its version is \"{version}\", known are 0 and 1";
        found.Remove(ClusterIdKey, out string? clusterId);
        found.Remove(DirectoryIdKey, out string? directoryId);
        if (!found.Remove(NodeIdKey, out string? node)) found.Remove(OldNodeIdKey, out node);
        int nodeId = 0;
        if (problem == null && node != null && !int.TryParse(node, out nodeId)) problem = $"\"{node}\" is no node id";
        if (problem != null) return null;
        return new MetaProperties
        {
            Version = version == "0" ? 0 : 1,
            ClusterId = clusterId,
            NodeId = node == null ? null : nodeId,
            DirectoryId = directoryId,
            Others = found,
        };
    }
}
