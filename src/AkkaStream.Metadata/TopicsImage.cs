using System.Collections.Immutable;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>All topics, by name and by id. Immutable, any thread.</summary>
public sealed class TopicsImage
{
    public static readonly TopicsImage Empty = new(
        ImmutableDictionary.Create<string, TopicImage>(StringComparer.Ordinal),
        ImmutableDictionary<TopicId, TopicImage>.Empty,
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
        0);

    readonly ImmutableDictionary<string, TopicImage> _byName;
    readonly ImmutableDictionary<TopicId, TopicImage> _byId;
    readonly ImmutableDictionary<string, string> _byFoldedName;
    string[]? _sortedNames;

    internal TopicsImage(ImmutableDictionary<string, TopicImage> byName, ImmutableDictionary<TopicId, TopicImage> byId,
        ImmutableDictionary<string, string> byFoldedName, int partitionCount)
    {
        _byName = byName;
        _byId = byId;
        _byFoldedName = byFoldedName;
        PartitionCount = partitionCount;
    }

    public int Count => _byName.Count;

    /// <summary>Of all topics together.</summary>
    public int PartitionCount { get; }

    public IEnumerable<TopicImage> All => _byName.Values;

    /// <summary>
    /// All names in ordinal order, for answers that come page by page. Sorted once an image, and only when somebody asks;
    /// two threads that ask at once do the work twice and find the same.
    /// </summary>
    public IReadOnlyList<string> SortedNames => _sortedNames ??= SortNames();

    public TopicImage? Find(string name) => _byName.GetValueOrDefault(name);

    public TopicImage? Find(TopicId id) => _byId.GetValueOrDefault(id);

    public PartitionImage? Find(TopicId id, PartitionId partition) => Find(id)?.Find(partition);

    /// <summary>
    /// An existing topic whose name differs from this one only by dot and underscore: metric names cannot tell the two
    /// apart, so a second one is refused.
    /// </summary>
    public string? FindCollision(string name) =>
        Folded(name) is { } folded && _byFoldedName.GetValueOrDefault(folded) is { } existing && existing != name
            ? existing
            : null;

    /// <summary>The name with dots for underscores, or null for a name without either, which cannot collide.</summary>
    internal static string? Folded(string name) => name.AsSpan().ContainsAny('.', '_') ? name.Replace('_', '.') : null;

    internal ImmutableDictionary<string, TopicImage>.Builder NamesToBuilder() => _byName.ToBuilder();

    internal ImmutableDictionary<TopicId, TopicImage>.Builder IdsToBuilder() => _byId.ToBuilder();

    internal ImmutableDictionary<string, string>.Builder FoldedNamesToBuilder() => _byFoldedName.ToBuilder();

    string[] SortNames()
    {
        string[] names = [.. _byName.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
