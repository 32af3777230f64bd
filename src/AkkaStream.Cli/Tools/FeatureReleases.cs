using System.Globalization;

namespace AkkaStream.Cli.Tools;

/// <summary>
/// Kafka's releases as levels of features: a level of metadata.version for each step of a release (3.7-IV4; a release without a step is
/// its last one), and for the other features the step from which on a release has them.
/// </summary>
static class FeatureReleases
{
    public const string MetadataVersion = "metadata.version";
    public const string Newest = "4.3-IV0";
    const short FirstNamed = 7;

    // Levels of metadata.version from the first named one on.
    static readonly string[] Names =
    [
        "3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2", "3.7-IV0", "3.7-IV1", "3.7-IV2", "3.7-IV3",
        "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0", "4.1-IV1", "4.2-IV0", "4.2-IV1", "4.3-IV0",
    ];

    // The order is that of Kafka's tools. A level above 0 comes with a level of metadata.version; all levels up to Highest exist.
    static readonly (string Name, short Highest, short Since)[] Others =
    [
        ("kraft.version", 1, 21), ("transaction.version", 2, 24), ("group.version", 1, 22), ("eligible.leader.replicas.version", 1, 26),
        ("share.version", 1, 28), ("streams.version", 1, 29),
    ];

    // Eligible leader replicas are written in a form of the metadata that came with 4.0-IV1.
    const short LeastForEligibleLeaderReplicas = 23;

    /// <summary>The level of metadata.version that a release, or a step of one, has.</summary>
    public static short LevelOf(string release)
    {
        string[] parts = release.Split('.');
        string wanted = parts.Length >= 2 && !release.Contains('-', StringComparison.Ordinal) ? $"{parts[0]}.{parts[1]}-IV" : release;
        int at = Array.FindLastIndex(Names, n => n == wanted || wanted.EndsWith("-IV", StringComparison.Ordinal)
            && n.StartsWith(wanted, StringComparison.Ordinal));
        return at >= 0 ? (short)(FirstNamed + at) : throw new ToolFailedException(
            $"Unknown metadata.version '{release}'. Supported metadata.version are: {string.Join(", ", Names)}");
    }

    /// <summary>All features with their levels at a level of metadata.version, that one first.</summary>
    public static IEnumerable<(string Name, short Level)> FeaturesAt(short metadataLevel) =>
        [(MetadataVersion, metadataLevel), .. Others.Select(f => (f.Name, metadataLevel >= f.Since ? f.Highest : (short)0))];

    /// <summary>A level as people read it: that of metadata.version has a name.</summary>
    public static string Describe(string feature, short level) => feature == MetadataVersion && IsNamed(level)
        ? Names[level - FirstNamed] : level.ToString(CultureInfo.InvariantCulture);

    static bool IsNamed(short level) => level >= FirstNamed && level - FirstNamed < Names.Length;

    /// <summary>The features that this level of a feature needs.</summary>
    public static IReadOnlyList<(string Name, short Level)> NeedsOf(string feature, short level)
    {
        if (feature == MetadataVersion)
            return IsNamed(level) ? [] : throw new ToolFailedException($"No MetadataVersion with feature level {level}");
        int at = Array.FindIndex(Others, f => f.Name == feature);
        if (at < 0) throw new ToolFailedException($"Unknown feature: {feature}");
        if (level < 0 || level > Others[at].Highest) throw new ToolFailedException($"No feature:{feature} with feature level {level}");
        return feature == "eligible.leader.replicas.version" && level > 0 ? [(MetadataVersion, LeastForEligibleLeaderReplicas)] : [];
    }
}
