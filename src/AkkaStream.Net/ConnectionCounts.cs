using System.Net;

namespace AkkaStream.Net;

/// <summary>How many connections there are, in all and from each address; asked at accept, told at the end, from all loops.</summary>
sealed class ConnectionCounts(NetSettings settings)
{
    readonly Lock _lock = new();
    readonly Dictionary<IPAddress, int> _byAddress = [];
    NetSettings _limits = settings;
    int _all;

    /// <summary>From here on other limits hold; connections that are open stay open.</summary>
    public void Limit(NetSettings limits)
    {
        lock (_lock) _limits = limits;
    }

    /// <summary>Counts it in, or says why it may not be.</summary>
    public EndReason TryAdd(IPAddress address)
    {
        lock (_lock)
        {
            int allowed = _limits.MaxConnectionsOverrides.GetValueOrDefault(address, _limits.MaxConnectionsPerAddress);
            if (_all >= _limits.MaxConnections) return EndReason.TooManyConnections;
            int here = _byAddress.GetValueOrDefault(address);
            if (here >= allowed) return EndReason.TooManyConnectionsFromAddress;
            _byAddress[address] = here + 1;
            _all++;
            return EndReason.None;
        }
    }

    public void Remove(IPAddress address)
    {
        lock (_lock)
        {
            _all--;
            int left = _byAddress.GetValueOrDefault(address) - 1;
            if (left > 0) _byAddress[address] = left;
            else _byAddress.Remove(address);
        }
    }
}
