using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>All registered brokers, in the order of their ids. Immutable, any thread: a cluster has few, and they change seldom.</summary>
public sealed class BrokersImage
{
    public static readonly BrokersImage Empty = new([]);

    readonly BrokerImage[] _byId;

    BrokersImage(BrokerImage[] byId) => _byId = byId;

    public int Count => _byId.Length;

    public IReadOnlyList<BrokerImage> All => _byId;

    /// <summary>Those that clients are told of.</summary>
    public IEnumerable<BrokerImage> Unfenced => _byId.Where(b => !b.Fenced);

    public BrokerImage? Find(BrokerId id)
    {
        int at = IndexOf(id);
        return at < 0 ? null : _byId[at];
    }

    public bool MayLead(BrokerId id) => Find(id) is { MayLead: true };

    internal BrokersImage With(BrokerImage broker)
    {
        int at = IndexOf(broker.Id);
        if (at < 0) return new BrokersImage([.. _byId[..~at], broker, .. _byId[~at..]]);
        BrokerImage[] changed = [.. _byId];
        changed[at] = broker;
        return new BrokersImage(changed);
    }

    internal BrokersImage Without(BrokerId id)
    {
        int at = IndexOf(id);
        return at < 0 ? this : new BrokersImage([.. _byId[..at], .. _byId[(at + 1)..]]);
    }

    /// <summary>Where the broker is; where it would be inserted, inverted, when it is not there.</summary>
    int IndexOf(BrokerId id)
    {
        int low = 0, high = _byId.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int found = _byId[middle].Id.Value;
            if (found == id.Value) return middle;
            if (found < id.Value) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
