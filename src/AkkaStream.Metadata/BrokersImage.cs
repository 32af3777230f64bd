using System.Collections.Immutable;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>All registered brokers, in the order of their ids. Immutable, any thread.</summary>
public sealed class BrokersImage
{
    public static readonly BrokersImage Empty = new(ImmutableSortedDictionary<BrokerId, BrokerImage>.Empty);

    internal BrokersImage(ImmutableSortedDictionary<BrokerId, BrokerImage> byId) => ById = byId;

    internal ImmutableSortedDictionary<BrokerId, BrokerImage> ById { get; }

    public int Count => ById.Count;

    public IEnumerable<BrokerImage> All => ById.Values;

    /// <summary>Those that clients are told of.</summary>
    public IEnumerable<BrokerImage> Unfenced => ById.Values.Where(b => !b.Fenced);

    public BrokerImage? Find(BrokerId id) => ById.GetValueOrDefault(id);

    public bool MayLead(BrokerId id) => Find(id) is { MayLead: true };
}
