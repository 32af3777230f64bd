namespace AkkaStream.Client.Administration;

/// <summary>A partition that moves: all its present replicas, those that are coming, those that will go.</summary>
public sealed record PartitionMove(IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing);

/// <summary>Which replica an election prefers. The numbers are Kafka's.</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first of the list, if it is in sync.</summary>
    Preferred = 0,

    /// <summary>Any living one, though records may be lost.</summary>
    Unclean = 1,
}
