using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>Topics in the working copy: those that a record touched lie here as drafts of their own.</summary>
public sealed partial class MetadataDraft
{
    /// <summary>Null stands for a topic that was deleted.</summary>
    readonly Dictionary<TopicId, TopicDraft?> _topics = [];
    readonly Dictionary<string, TopicId> _createdNames = new(StringComparer.Ordinal);

    internal void CreateTopic(string name, TopicId id)
    {
        if (id.IsZero) throw new MetadataRecordException($"topic '{name}' without an id");
        if (TopicNameOf(id) is { } other) throw new MetadataRecordException($"topic '{name}' has the id {id} of topic '{other}'");
        if (IsTaken(name)) throw new MetadataRecordException($"a second topic '{name}', with the id {id}");
        _topics[id] = new TopicDraft(name);
        _createdNames[name] = id;
    }

    internal void RemoveTopic(TopicId id)
    {
        string name = TopicNameOf(id) ?? throw new MetadataRecordException($"a topic {id} is removed that is not there");
        _topics[id] = null;
        _createdNames.Remove(name);
        RemoveConfigs(ConfigResource.Topic(name));
    }

    internal void SetPartition(TopicId id, int partition, PartitionImage image) =>
        DraftOf(id, "a partition").Set(partition, image);

    internal void ChangePartition(TopicId id, int partition, Func<PartitionImage, PartitionImage> change)
    {
        TopicDraft topic = DraftOf(id, "a change of a partition");
        PartitionImage before = topic.Find(partition)
            ?? throw new MetadataRecordException($"a change of partition {partition} of topic '{topic.Name}', which is not there");
        topic.Set(partition, change(before));
    }

    /// <summary>Every partition that matches, of every topic. Topics without one are left untouched.</summary>
    internal void ChangePartitions(Func<PartitionImage, bool> matches, Func<PartitionImage, PartitionImage> change)
    {
        foreach (TopicImage topic in _start.Topics.All)
            if (!_topics.ContainsKey(topic.Id) && topic.Partitions.Any(matches)) _topics[topic.Id] = new TopicDraft(topic);
        foreach (TopicDraft? topic in _topics.Values) topic?.Change(matches, change);
    }

    internal void ChangePartitionsOf(TopicId id, Func<PartitionImage, bool> matches, Func<PartitionImage, PartitionImage> change) =>
        DraftOf(id, "a change").Change(matches, change);

    /// <summary>The id of the topic that has this name now; records that name a topic by its name ask.</summary>
    internal TopicId? TopicIdOf(string name) =>
        _createdNames.TryGetValue(name, out TopicId created) ? created
        : _start.Topics.Find(name) is { } topic && !IsDeleted(topic.Id) ? topic.Id
        : null;

    bool IsDeleted(TopicId id) => _topics.TryGetValue(id, out TopicDraft? draft) && draft is null;

    bool IsTaken(string name) => TopicIdOf(name) is not null;

    string? TopicNameOf(TopicId id) =>
        _topics.TryGetValue(id, out TopicDraft? draft) ? draft?.Name : _start.Topics.Find(id)?.Name;

    TopicDraft DraftOf(TopicId id, string what)
    {
        if (!_topics.TryGetValue(id, out TopicDraft? draft) && _start.Topics.Find(id) is { } topic)
            _topics[id] = draft = new TopicDraft(topic);
        return draft ?? throw new MetadataRecordException($"{what} of topic {id}, which is not there");
    }

    TopicsImage BuildTopics()
    {
        if (_topics.Count == 0) return _start.Topics;
        ImmutableDictionary<string, TopicImage>.Builder byName = _start.Topics.NamesToBuilder();
        ImmutableDictionary<TopicId, TopicImage>.Builder byId = _start.Topics.IdsToBuilder();
        ImmutableDictionary<string, string>.Builder folded = _start.Topics.FoldedNamesToBuilder();
        int partitions = _start.Topics.PartitionCount;

        // A name may go and come back under another id within one draft: all that went goes first.
        foreach ((TopicId id, TopicDraft? draft) in _topics)
        {
            if (_start.Topics.Find(id) is not { } before) continue;
            partitions -= before.Partitions.Length;
            if (draft is not null) continue;
            byId.Remove(id);
            byName.Remove(before.Name);
            if (TopicsImage.Folded(before.Name) is { } key && folded.GetValueOrDefault(key) == before.Name) folded.Remove(key);
        }

        foreach ((TopicId id, TopicDraft? draft) in _topics)
        {
            if (draft is null) continue;
            TopicImage topic = draft.Build(id);
            partitions += topic.Partitions.Length;
            byName[topic.Name] = topic;
            byId[id] = topic;
            if (TopicsImage.Folded(topic.Name) is { } key) folded[key] = topic.Name;
        }

        return new TopicsImage(byName.ToImmutable(), byId.ToImmutable(), folded.ToImmutable(), partitions);
    }

    /// <summary>One touched topic. Partitions may come in any order; gaps must be filled when the image is built.</summary>
    sealed class TopicDraft
    {
        PartitionImage?[] _partitions;
        int _count;

        public TopicDraft(string name)
        {
            Name = name;
            _partitions = [];
        }

        public TopicDraft(TopicImage topic)
        {
            Name = topic.Name;
            _partitions = [.. topic.Partitions];
            _count = topic.Partitions.Length;
        }

        public string Name { get; }

        public PartitionImage? Find(int partition) => (uint)partition < (uint)_count ? _partitions[partition] : null;

        public void Set(int partition, PartitionImage image)
        {
            // A number far beyond the others is damage, and must not decide how much memory is taken.
            if (partition < 0 || partition > 2 * _count + 100_000)
                throw new MetadataRecordException($"partition {partition} of topic '{Name}', which has {_count}");
            if (partition >= _partitions.Length) Array.Resize(ref _partitions, Math.Max(partition + 1, _count * 2));
            _count = Math.Max(_count, partition + 1);
            if (partition > 0 && _partitions[partition - 1] is { } neighbour) image = image.SharingWith(neighbour);
            _partitions[partition] = image;
        }

        public void Change(Func<PartitionImage, bool> matches, Func<PartitionImage, PartitionImage> change)
        {
            for (int i = 0; i < _count; i++)
                if (_partitions[i] is { } partition && matches(partition)) _partitions[i] = change(partition);
        }

        public TopicImage Build(TopicId id)
        {
            int gap = Array.IndexOf(_partitions, null, 0, _count);
            if (gap >= 0) throw new MetadataRecordException($"topic '{Name}' has {_count} partitions, but partition {gap} is missing");
            if (_partitions.Length != _count) Array.Resize(ref _partitions, _count);

            // No gap: checked above. The draft is spent, so the array is the image's own.
            return new TopicImage(Name, id, ImmutableCollectionsMarshal.AsImmutableArray((PartitionImage[])(object)_partitions));
        }
    }
}
