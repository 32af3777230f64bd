using AkkaStream.Log;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Cluster.Adoption;

/// <summary>A directory that looks like a partition, and the topic's id that it names; null where it names none.</summary>
public sealed record FoundPartition(PartitionName Name, TopicId? Topic)
{
    /// <summary>The highest leader epoch and producer id met in it; only needed where no metadata tells them.</summary>
    public LogSurvey Survey { get; init; } = LogSurvey.Nothing;
}

/// <summary>
/// What becomes of a data directory that Kafka wrote: the picture that this broker begins with, in words what was changed or left alone, and
/// what stands in the way. Pure. With problems there is nothing to be carried out.
/// </summary>
/// <param name="Image">Of this broker alone: every partition has one replica, here, in a new leader epoch.</param>
/// <param name="KnowsConfigs">False when there was no metadata: then nothing may be cleaned or deleted until somebody says so.</param>
public sealed record AdoptionPlan(MetadataImage Image, bool KnowsConfigs, IReadOnlyList<string> Notes, IReadOnlyList<string> Problems)
{
    /// <summary>From what Kafka's controller had committed. Features are this broker's own, registrations of brokers are gone.</summary>
    public static AdoptionPlan With(MetadataImage kafka, IReadOnlyList<FoundPartition> found, BrokerId node)
    {
        var notes = new List<string>();
        var problems = new List<string>();
        var draft = new MetadataDraft(MetadataImage.Empty);
        var lying = found.ToDictionary(f => f.Name);
        foreach (var record in ImageRecords.Of(kafka))
        {
            switch (record)
            {
                case FeatureLevelRecord or RegisterBrokerRecord:
                    break;
                case PartitionRecord partition:
                    if (Take(partition, NameOf(kafka, partition), lying, node, notes, problems) is { } taken) draft.Apply(taken);
                    break;
                case ConfigRecord config when IsOfAnotherBroker(config, node):
                    notes.Add($"{config.Name} of broker {config.ResourceName} is left out: that broker is not here.");
                    break;
                default:
                    draft.Apply(record);
                    break;
            }
        }
        foreach (var unknown in kafka.Kept.Unknown) draft.KeepUnknown(unknown);
        foreach (var left in lying.Keys.Where(name => kafka.Topics.Find(name.Topic) is null || !Has(kafka, name)))
            notes.Add($"{left} belongs to no topic of the metadata and is left alone.");
        var image = problems.Count == 0 ? draft.Build(kafka.Revision).Image : kafka;
        return new AdoptionPlan(image, KnowsConfigs: true, notes, problems);
    }

    /// <summary>
    /// From the directories alone. Nobody knows the topics' configs, so each gets some with which nothing is ever cleaned or deleted; whoever
    /// knows better changes them.
    /// </summary>
    public static AdoptionPlan Without(IReadOnlyList<FoundPartition> found, BrokerId node, Func<Uuid> newId)
    {
        var notes = new List<string>();
        var problems = new List<string>();
        var draft = new MetadataDraft(MetadataImage.Empty);
        foreach (var topic in found.GroupBy(f => f.Name.Topic).OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var partitions = topic.OrderBy(f => f.Name.Partition).ToList();
            var ids = partitions.Where(f => f.Topic is not null).Select(f => f.Topic!.Value).Distinct().ToList();
            int count = partitions[^1].Name.Partition + 1;
            if (ids.Count > 1) problems.Add($"{topic.Key}: its partitions belong to topics of {ids.Count} ids ({string.Join(", ", ids)}).");
            if (count != partitions.Count)
                problems.Add($"{topic.Key}: partition {FirstGap(partitions)} is missing, and there is one of number {count - 1}. Add the " +
                    "directory of log.dirs that holds it: a part of a topic is never taken for a smaller topic.");
            if (ids.Count > 1 || count != partitions.Count) continue;
            Add(draft, topic.Key, ids.Count == 1 ? ids[0] : new TopicId(newId()), partitions, node);
        }
        long highest = found.Select(f => f.Survey.HighestProducerId).DefaultIfEmpty(-1).Max();
        draft.Apply(new ProducerIdsRecord { BrokerId = -1, BrokerEpoch = -1, NextProducerId = NextBlock(highest) });
        notes.Add("No metadata tells the topics' configs: nothing is cleaned or deleted in them (cleanup.policy=delete, retention.ms=-1, " +
            "retention.bytes=-1). Set what they had, or delete these three configs, topic by topic.");
        return new AdoptionPlan(draft.Build(new MetadataRevision(0)).Image, KnowsConfigs: false, notes, problems);
    }

    static void Add(MetadataDraft draft, string name, TopicId id, List<FoundPartition> partitions, BrokerId node)
    {
        draft.Apply(new TopicRecord { Name = name, TopicId = id });
        foreach (var partition in partitions)
        {
            draft.Apply(new PartitionRecord
            {
                TopicId = id, PartitionId = partition.Name.Partition, Replicas = [node.Value], Isr = [node.Value], Leader = node.Value,
                LeaderEpoch = partition.Survey.HighestEpoch + 1, PartitionEpoch = 0,
            });
        }
        foreach (var (config, value) in new[] { ("cleanup.policy", "delete"), ("retention.ms", "-1"), ("retention.bytes", "-1") })
            draft.Apply(new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = name, Name = config, Value = value });
    }

    static int FirstGap(List<FoundPartition> partitions)
    {
        int expected = 0;
        while (partitions[expected].Name.Partition == expected) expected++;
        return expected;
    }

    static long NextBlock(long highest) => highest < 0 ? 0 : (highest / 1_000 + 1) * 1_000;

    static bool IsOfAnotherBroker(ConfigRecord config, BrokerId node) =>
        config.ResourceType == (sbyte)ConfigResourceType.Broker && config.ResourceName.Length > 0 && config.ResourceName != node.ToString();

    static PartitionName NameOf(MetadataImage kafka, PartitionRecord partition) =>
        new(kafka.Topics.Find(partition.TopicId)?.Name ?? partition.TopicId.ToString(), partition.PartitionId);

    static bool Has(MetadataImage kafka, PartitionName name) =>
        kafka.Topics.Find(name.Topic) is { } topic && name.Partition < topic.Partitions.Length;

    /// <summary>A broker that stops cleanly leaves the set of those in sync, and stays eligible.</summary>
    static bool HasAll(PartitionRecord partition, BrokerId node) =>
        partition.Replicas.Length == 1 || partition.Isr.Contains(node.Value) || partition.EligibleLeaderReplicas?.Contains(node.Value) == true;

    /// <summary>The partition as it goes on here, or null with the problem.</summary>
    static PartitionRecord? Take(
        PartitionRecord partition, PartitionName name, Dictionary<PartitionName, FoundPartition> lying, BrokerId node,
        List<string> notes, List<string> problems)
    {
        string? problem = !partition.Replicas.Contains(node.Value)
            ? $"{name} lies on the brokers {string.Join(", ", partition.Replicas)} and not on this one (node.id={node}): a part of a cluster " +
              "cannot be adopted. Move all partitions to one broker first."
            : !lying.TryGetValue(name, out var found)
            ? $"{name} is in the metadata and in none of log.dirs. Add the directory that holds it."
            : found.Topic is { } id && id != partition.TopicId
            ? $"{name} has the topic id {id}, but the metadata says {partition.TopicId}: it belongs to another topic of that name."
            : !HasAll(partition, node)
            ? $"{name} was not in sync here: it lacks records that the brokers {string.Join(", ", partition.Isr)} have. Adopt one of them."
            : null;
        if (problem is not null)
        {
            problems.Add(problem);
            return null;
        }
        if (partition.Replicas.Length > 1) notes.Add($"{name} had {partition.Replicas.Length} replicas and has one now.");
        return new PartitionRecord
        {
            TopicId = partition.TopicId, PartitionId = partition.PartitionId, Replicas = [node.Value], Isr = [node.Value], Leader = node.Value,
            LeaderEpoch = partition.LeaderEpoch + 1, PartitionEpoch = partition.PartitionEpoch + 1,
        };
    }
}
