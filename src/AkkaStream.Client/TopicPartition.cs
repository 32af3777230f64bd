namespace AkkaStream.Client;

/// <summary>One partition of one topic.</summary>
public readonly record struct TopicPartition(string Topic, int Partition) : IComparable<TopicPartition>
{
    /// <summary>By topic, then by partition.</summary>
    public int CompareTo(TopicPartition other)
    {
        int byTopic = string.CompareOrdinal(Topic, other.Topic);
        return byTopic != 0 ? byTopic : Partition.CompareTo(other.Partition);
    }

    /// <summary>As Kafka writes it: the name of the partition's folder.</summary>
    public override string ToString() => $"{Topic}-{Partition}";
}
