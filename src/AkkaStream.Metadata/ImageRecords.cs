using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Metadata;

/// <summary>
/// An image told in records, as a snapshot stores it: replayed onto the empty image they give the same one. Brokers come
/// before topics, so that a registration finds no partition whose epoch it could raise.
/// </summary>
public static class ImageRecords
{
    public static IEnumerable<IStoredMessage> Of(MetadataImage image)
    {
        // The level of the forms comes first: a reader decides by it how to take what follows.
        foreach (FeatureLevel level in FeatureLevels.FormsFirst(image.Features.Levels))
            yield return new FeatureLevelRecord { Name = level.Feature, FeatureLevel = level.Level };
        foreach (BrokerImage broker in image.Brokers.All) yield return broker.ToRecord();
        foreach (string name in image.Topics.SortedNames)
            if (image.Topics.Find(name) is { } topic)
                foreach (IStoredMessage record in Of(topic)) yield return record;
        foreach (ConfigResource resource in image.Configs.Resources.OrderBy(r => r.Type).ThenBy(r => r.Name, StringComparer.Ordinal))
            foreach ((string name, string value) in image.Configs.Of(resource))
                yield return new ConfigRecord
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Name = name,
                    Value = value,
                };
        if (image.NextProducerId.Value > 0)
            yield return new ProducerIdsRecord { BrokerId = -1, BrokerEpoch = -1, NextProducerId = image.NextProducerId.Value };
        foreach (IStoredMessage kept in image.Kept.Records) yield return kept;
    }

    static IEnumerable<IStoredMessage> Of(TopicImage topic)
    {
        yield return new TopicRecord { Name = topic.Name, TopicId = topic.Id };
        for (int i = 0; i < topic.Partitions.Length; i++) yield return topic.Partitions[i].ToRecord(topic.Id, i);
    }

    /// <summary>The form in which each record is written: the newest that Kafka 4.3 writes.</summary>
    public static short VersionOf(IStoredMessage record) => record switch
    {
        RegisterBrokerRecord => 4,
        BrokerRegistrationChangeRecord => 3,
        PartitionRecord or PartitionChangeRecord => 2,
        _ => 0,
    };
}
