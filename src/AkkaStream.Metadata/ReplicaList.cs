using System.Diagnostics.CodeAnalysis;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>
/// Brokers in a row: replicas, an in-sync set. One reference wide, because an image holds five for every partition, and
/// over the wire's own array, so that an answer takes it as it is. Nobody writes into the array after it came here.
/// </summary>
[SuppressMessage("Design", "CA1710", Justification = "A list by Kafka's word; it implements no collection interface")]
public readonly struct ReplicaList(int[] brokers) : IEquatable<ReplicaList>
{
    readonly int[]? _brokers = brokers;

    public static ReplicaList Empty => default;

    public int Count => _brokers?.Length ?? 0;

    public bool IsEmpty => Count == 0;

    public BrokerId this[int index] => new(Wire[index]);

    /// <summary>For messages only, which are written and forgotten: the array is shared with every image that holds it.</summary>
    public int[] Wire => _brokers ?? [];

    public ReadOnlySpan<int> Span => _brokers;

    public bool Contains(BrokerId broker) => Span.Contains(broker.Value);

    public ReplicaList Without(BrokerId broker) =>
        Contains(broker) ? new ReplicaList(Array.FindAll(Wire, b => b != broker.Value)) : this;

    public ReplicaList With(BrokerId broker) => Contains(broker) ? this : new ReplicaList([.. Span, broker.Value]);

    /// <summary>Whether every broker of the other list stands here too.</summary>
    public bool ContainsAll(ReplicaList other)
    {
        foreach (int broker in other.Span)
            if (!Span.Contains(broker)) return false;
        return true;
    }

    public bool Equals(ReplicaList other) => ReferenceEquals(_brokers, other._brokers) || Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is ReplicaList other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int broker in Span) hash.Add(broker);
        return hash.ToHashCode();
    }

    /// <summary>As texts of errors and logs show it: [1, 2, 3].</summary>
    public override string ToString() => $"[{string.Join(", ", Wire)}]";

    public static bool operator ==(ReplicaList left, ReplicaList right) => left.Equals(right);

    public static bool operator !=(ReplicaList left, ReplicaList right) => !left.Equals(right);
}
