using System.Collections.Immutable;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>
/// What changed from one image to another, as listeners need it: only touched subjects are looked at, so its cost is that
/// of the change and not that of the picture. Nothing is listed that came and went in between, or ended as it began.
/// </summary>
public sealed class MetadataDelta
{
    readonly IReadOnlySet<TopicId> _topics;
    readonly IReadOnlySet<BrokerId> _brokers;
    readonly IReadOnlySet<ConfigResource> _configs;

    internal MetadataDelta(MetadataImage before, MetadataImage after, IEnumerable<TopicId> topics, IEnumerable<BrokerId> brokers,
        IEnumerable<ConfigResource> configs)
    {
        Before = before;
        After = after;
        _topics = topics.ToHashSet();
        _brokers = brokers.ToHashSet();
        _configs = configs.ToHashSet();
    }

    public MetadataImage Before { get; }

    public MetadataImage After { get; }

    public IEnumerable<TopicDelta> Topics => _topics
        .Select(id => new TopicDelta(Before.Topics.Find(id), After.Topics.Find(id)))
        .Where(t => !ReferenceEquals(t.Before, t.After) && (t.IsCreated || t.IsDeleted || t.Partitions().Any()));

    public IEnumerable<BrokerDelta> Brokers => _brokers
        .Select(id => new BrokerDelta(Before.Brokers.Find(id), After.Brokers.Find(id)))
        .Where(b => !ReferenceEquals(b.Before, b.After));

    /// <summary>Resources whose overrides are others than before.</summary>
    public IEnumerable<ConfigResource> Configs =>
        _configs.Where(r => !ReferenceEquals(Before.Configs.Of(r), After.Configs.Of(r)) && !SameOverrides(r));

    public bool FeaturesChanged => !ReferenceEquals(Before.Features, After.Features)
        && !Before.Features.Levels.SequenceEqual(After.Features.Levels);

    public bool ProducerIdsChanged => Before.NextProducerId != After.NextProducerId;

    public bool IsEmpty =>
        !FeaturesChanged && !ProducerIdsChanged && ReferenceEquals(Before.Kept, After.Kept)
        && !Topics.Any() && !Brokers.Any() && !Configs.Any();

    /// <summary>
    /// Between any two images, at the cost of looking at all of both: for a listener's first image, and after a store was
    /// read anew.
    /// </summary>
    public static MetadataDelta Between(MetadataImage before, MetadataImage after) => new(
        before, after,
        before.Topics.All.Concat(after.Topics.All).Select(t => t.Id),
        before.Brokers.All.Concat(after.Brokers.All).Select(b => b.Id),
        before.Configs.Resources.Concat(after.Configs.Resources));

    /// <summary>This change and the one after it as one, for a publisher that fell behind.</summary>
    public MetadataDelta Then(MetadataDelta next) => new(
        Before, next.After, _topics.Concat(next._topics), _brokers.Concat(next._brokers), _configs.Concat(next._configs));

    bool SameOverrides(ConfigResource resource)
    {
        ImmutableSortedDictionary<string, string> after = After.Configs.Of(resource);
        ImmutableSortedDictionary<string, string> before = Before.Configs.Of(resource);
        return before.Count == after.Count && before.SequenceEqual(after);
    }
}

/// <summary>One topic that was created (no before), deleted (no after) or has changed partitions.</summary>
public readonly record struct TopicDelta(TopicImage? Before, TopicImage? After)
{
    public TopicImage Topic => After ?? Before ?? throw new InvalidOperationException("A delta has a before or an after");

    public bool IsCreated => Before is null;

    public bool IsDeleted => After is null;

    /// <summary>New and changed partitions; of a deleted topic all that it had.</summary>
    public IEnumerable<PartitionDelta> Partitions()
    {
        int count = Math.Max(Before?.Partitions.Length ?? 0, After?.Partitions.Length ?? 0);
        for (int i = 0; i < count; i++)
        {
            var id = new PartitionId(i);
            PartitionImage? before = Before?.Find(id);
            PartitionImage? after = After?.Find(id);
            if (before != after) yield return new PartitionDelta(id, before, after);
        }
    }
}

public readonly record struct PartitionDelta(PartitionId Id, PartitionImage? Before, PartitionImage? After);

/// <summary>One broker that registered (no before), was forgotten (no after) or has a changed registration.</summary>
public readonly record struct BrokerDelta(BrokerImage? Before, BrokerImage? After)
{
    public BrokerImage Broker => After ?? Before ?? throw new InvalidOperationException("A delta has a before or an after");
}
