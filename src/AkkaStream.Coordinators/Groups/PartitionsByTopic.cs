using System.Diagnostics.CodeAnalysis;
using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups;

/// <summary>A set of partitions, by topic; within a topic in rising order. Immutable, compared by what is in it.</summary>
public sealed class PartitionsByTopic : IEquatable<PartitionsByTopic>
{
    public static readonly PartitionsByTopic Empty = new([]);

    readonly Dictionary<TopicId, int[]> _topics;

    PartitionsByTopic(Dictionary<TopicId, int[]> topics) => _topics = topics;

    public bool IsEmpty => _topics.Count == 0;
    public int Count => _topics.Values.Sum(p => p.Length);
    public IReadOnlyDictionary<TopicId, int[]> Topics => _topics;

    public ReadOnlySpan<int> Of(TopicId topic) => _topics.GetValueOrDefault(topic);

    public bool Contains(TopicId topic, int partition) => Of(topic).BinarySearch(partition) >= 0;

    /// <summary>Whether nothing of the other set is missing here.</summary>
    public bool Covers(PartitionsByTopic other)
    {
        foreach (var (topic, partitions) in other._topics)
        {
            foreach (int partition in partitions)
            {
                if (!Contains(topic, partition)) return false;
            }
        }
        return true;
    }

    public bool Overlaps(PartitionsByTopic other)
    {
        foreach (var (topic, partitions) in other._topics)
        {
            foreach (int partition in partitions)
            {
                if (Contains(topic, partition)) return true;
            }
        }
        return false;
    }

    public bool Equals([NotNullWhen(true)] PartitionsByTopic? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._topics.Count != _topics.Count) return false;
        foreach (var (topic, partitions) in _topics)
        {
            if (!other.Of(topic).SequenceEqual(partitions)) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as PartitionsByTopic);

    public override int GetHashCode() => Count;

    public override string ToString() => string.Join(' ', _topics.Select(t => $"{t.Key}[{string.Join(',', t.Value)}]"));

    /// <summary>Collects partitions; may be used once.</summary>
    public sealed class Builder
    {
        readonly Dictionary<TopicId, List<int>> _topics = [];

        public bool IsEmpty => _topics.Count == 0;

        public void Add(TopicId topic, int partition)
        {
            if (!_topics.TryGetValue(topic, out var partitions)) _topics.Add(topic, partitions = []);
            partitions.Add(partition);
        }

        public PartitionsByTopic Build()
        {
            if (_topics.Count == 0) return Empty;
            var topics = new Dictionary<TopicId, int[]>(_topics.Count);
            foreach (var (topic, partitions) in _topics)
            {
                partitions.Sort();
                int[] distinct = [.. partitions.Distinct()];
                topics.Add(topic, distinct);
            }
            return new PartitionsByTopic(topics);
        }
    }
}
