using System.Diagnostics.CodeAnalysis;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Coordinators.Groups;

/// <summary>
/// Partitions that a member owns, each with the epoch in which it came to the member. A commit with an older member epoch is still the owner's
/// if the partition was its own by then. Immutable.
/// </summary>
public sealed class OwnedPartitions : IEquatable<OwnedPartitions>
{
    public static readonly OwnedPartitions Empty = new([]);

    readonly Dictionary<TopicId, (int[] Partitions, int[] Epochs)> _topics;

    OwnedPartitions(Dictionary<TopicId, (int[] Partitions, int[] Epochs)> topics) => _topics = topics;

    public bool IsEmpty => _topics.Count == 0;
    public IEnumerable<TopicId> Topics => _topics.Keys;

    public ReadOnlySpan<int> Of(TopicId topic) => _topics.GetValueOrDefault(topic).Partitions;

    /// <summary>Since which epoch the member owns it; -1 when it does not.</summary>
    public int EpochOf(TopicId topic, int partition)
    {
        if (!_topics.TryGetValue(topic, out var owned)) return -1;
        int index = Array.BinarySearch(owned.Partitions, partition);
        return index < 0 ? -1 : owned.Epochs[index];
    }

    public IEnumerable<(TopicId Topic, int Partition, int Epoch)> All
    {
        get
        {
            foreach (var (topic, owned) in _topics)
            {
                for (int i = 0; i < owned.Partitions.Length; i++) yield return (topic, owned.Partitions[i], owned.Epochs[i]);
            }
        }
    }

    /// <summary>The same partitions, whenever they came.</summary>
    public bool HoldsTheSameAs(OwnedPartitions other) => ReferenceEquals(this, other) || ToPartitions().Equals(other.ToPartitions());

    public PartitionsByTopic ToPartitions()
    {
        var partitions = new PartitionsByTopic.Builder();
        foreach (var (topic, partition, _) in All) partitions.Add(topic, partition);
        return partitions.Build();
    }

    public static OwnedPartitions Of(IEnumerable<(TopicId Topic, int Partition, int Epoch)> owned)
    {
        var topics = owned.GroupBy(o => o.Topic).ToDictionary(
            t => t.Key,
            t =>
            {
                var sorted = t.OrderBy(o => o.Partition).ToArray();
                return (Array.ConvertAll(sorted, o => o.Partition), Array.ConvertAll(sorted, o => o.Epoch));
            });
        return topics.Count == 0 ? Empty : new OwnedPartitions(topics);
    }

    /// <summary>Records of before assignment epochs count from the member's epoch.</summary>
    internal static OwnedPartitions Of(ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[] topics, int memberEpoch) => Of(
        topics.SelectMany(t => t.Partitions.Select((p, i) =>
            (t.TopicId, p, t.AssignmentEpochs is { } epochs && i < epochs.Length ? epochs[i] : memberEpoch))));

    internal ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[] ToRecord() =>
    [
        .. _topics.Select(t => new ConsumerGroupCurrentMemberAssignmentValueTopicPartitions
        {
            TopicId = t.Key,
            Partitions = t.Value.Partitions,
            AssignmentEpochs = t.Value.Epochs,
        }),
    ];

    public bool Equals([NotNullWhen(true)] OwnedPartitions? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._topics.Count != _topics.Count) return false;
        foreach (var (topic, owned) in _topics)
        {
            if (!other._topics.TryGetValue(topic, out var theirs)) return false;
            if (!owned.Partitions.AsSpan().SequenceEqual(theirs.Partitions) || !owned.Epochs.AsSpan().SequenceEqual(theirs.Epochs)) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as OwnedPartitions);

    public override int GetHashCode() => _topics.Count;

    public override string ToString() => ToPartitions().ToString();
}
