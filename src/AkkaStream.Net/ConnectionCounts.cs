using System.Net;

namespace AkkaStream.Net;

/// <summary>How many connections there are, in all and from each address; asked at accept, told at the end, from all loops.</summary>
sealed class ConnectionCounts(NetSettings settings)
{
    readonly Lock _lock = new();
    readonly Dictionary<IPAddress, int> _byAddress = [];
    int _all;

    /// <summary>Counts it in, or says why it may not be.</summary>
    public EndReason TryAdd(IPAddress address)
    {
        int allowed = settings.MaxConnectionsOverrides.GetValueOrDefault(address, settings.MaxConnectionsPerAddress);
        lock (_lock)
        {
            if (_all >= settings.MaxConnections) return EndReason.TooManyConnections;
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
