using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// Topics by name, as bytes of a frame, and by id. Looked up for every partition of every request, without a lock and without making
/// a string; written by the supervisor alone. A deleted topic leaves both, so that a new one of its name is another.
/// </summary>
public sealed class ReplicaTable
{
    readonly ConcurrentDictionary<byte[], TopicReplicas> _byName = new(Utf8NameComparer.Instance);
    readonly ConcurrentDictionary<byte[], TopicReplicas>.AlternateLookup<ReadOnlySpan<byte>> _byNameBytes;
    readonly ConcurrentDictionary<TopicId, TopicReplicas> _byId = new();

    public ReplicaTable() => _byNameBytes = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out TopicReplicas? topic) => _byNameBytes.TryGetValue(name, out topic);

    public bool TryFind(TopicId id, [NotNullWhen(true)] out TopicReplicas? topic) => _byId.TryGetValue(id, out topic);

    public bool TryFind(string name, [NotNullWhen(true)] out TopicReplicas? topic) =>
        _byName.TryGetValue(System.Text.Encoding.UTF8.GetBytes(name), out topic);

    public IEnumerable<TopicReplicas> Topics => _byId.Values;

    public IEnumerable<LocalReplica> Replicas
    {
        get
        {
            foreach (var topic in _byId.Values)
            {
                for (int partition = 0; partition < topic.PartitionCount; partition++)
                {
                    if (topic.Replica(partition) is { } replica) yield return replica;
                }
            }
        }
    }

    internal void Add(TopicReplicas topic)
    {
        _byName[topic.NameUtf8] = topic;
        _byId[topic.Id] = topic;
    }

    internal void Remove(TopicReplicas topic)
    {
        _byId.TryRemove(topic.Id, out _);
        _byName.TryRemove(new KeyValuePair<byte[], TopicReplicas>(topic.NameUtf8, topic));
    }
}

/// <summary>Names compare by their bytes, whether they lie in an array or in a frame.</summary>
sealed class Utf8NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly Utf8NameComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
    public int GetHashCode(byte[] name) => GetHashCode(name.AsSpan());
    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);
    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public int GetHashCode(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
