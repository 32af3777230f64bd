using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AkkaStream.Log;

/// <summary>
/// A partition as its directory is called: topic, dash, number. Directories on their way out, moved in, or without an owner carry a
/// unique id and a suffix, as Kafka's do; those names never parse as partitions.
/// </summary>
public readonly record struct PartitionName(string Topic, int Partition)
{
    public const string DeletedSuffix = "-delete";
    public const string FutureSuffix = "-future";
    public const string StraySuffix = "-stray";

    /// <summary>What file systems allow for one name.</summary>
    const int LongestName = 255;
    const int UniqueIdLength = 32;

    public string DirectoryName => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}");

    public override string ToString() => DirectoryName;

    public static bool TryParse(string directoryName, out PartitionName name)
    {
        name = default;
        int dash = directoryName.LastIndexOf('-');
        if (dash <= 0 || !int.TryParse(directoryName.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int partition))
            return false;
        name = new PartitionName(directoryName[..dash], partition);
        return true;
    }

    /// <summary>The name a directory takes when its partition goes: topic and partition cut short where they would be too long.</summary>
    public string RetiredDirectoryName(string uniqueId, string suffix)
    {
        Bug.Assert(uniqueId.Length == UniqueIdLength);
        string tail = "." + uniqueId + suffix;
        string head = DirectoryName;
        return head.Length + tail.Length > LongestName ? head[..(LongestName - tail.Length)] + tail : head + tail;
    }

    public static bool IsRetired([NotNullWhen(true)] string? directoryName) =>
        directoryName != null
        && (directoryName.EndsWith(DeletedSuffix, StringComparison.Ordinal) || directoryName.EndsWith(StraySuffix, StringComparison.Ordinal)
            || directoryName.EndsWith(FutureSuffix, StringComparison.Ordinal));
}
