using System.Collections.Immutable;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>One topic: its partitions lie at their numbers, without a gap.</summary>
public sealed class TopicImage(string name, TopicId id, ImmutableArray<PartitionImage> partitions)
{
    public string Name { get; } = name;

    public TopicId Id { get; } = id;

    public ImmutableArray<PartitionImage> Partitions { get; } = partitions;

    public PartitionImage? Find(PartitionId partition) =>
        (uint)partition.Value < (uint)Partitions.Length ? Partitions[partition.Value] : null;

    public override string ToString() => $"{Name} ({Id}, {Partitions.Length} partitions)";
}
