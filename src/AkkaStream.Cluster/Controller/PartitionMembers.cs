using AkkaStream.Metadata;

namespace AkkaStream.Cluster.Controller;

/// <summary>Which brokers a partition shall have in which part, while a change of it is worked out.</summary>
sealed record PartitionMembers
{
    public required ReplicaList Replicas { get; init; }

    public required ReplicaList Isr { get; init; }

    public required ReplicaList Adding { get; init; }

    public required ReplicaList Removing { get; init; }

    public required ReplicaList EligibleLeaders { get; init; }

    public static PartitionMembers Of(PartitionImage partition) => new()
    {
        Replicas = partition.Replicas,
        Isr = partition.Isr,
        Adding = partition.Adding,
        Removing = partition.Removing,
        EligibleLeaders = partition.EligibleLeaders,
    };
}
