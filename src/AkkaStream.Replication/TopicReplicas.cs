using System.Text;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>One topic as this broker serves it. The set of its replicas here changes only by being replaced.</summary>
public sealed class TopicReplicas(string name, TopicId id)
{
    volatile LocalReplica?[] _replicas = [];

    public string Name => name;
    public TopicId Id => id;

    /// <summary>Only coordinators write to it.</summary>
    public bool IsInternal { get; } = TopicName.IsInternal(name);

    /// <summary>For answers, which carry it as it is.</summary>
    public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>How many partitions the topic has; not all need have a replica here.</summary>
    public int PartitionCount => _replicas.Length;

    public bool HasPartition(int partition) => (uint)partition < (uint)_replicas.Length;

    /// <summary>Null where the partition does not exist, or lives on other brokers.</summary>
    public LocalReplica? Replica(int partition)
    {
        var replicas = _replicas;
        return (uint)partition < (uint)replicas.Length ? replicas[partition] : null;
    }

    public ReadOnlySpan<LocalReplica?> All => _replicas;

    internal void Replace(LocalReplica?[] replicas) => _replicas = replicas;
}
