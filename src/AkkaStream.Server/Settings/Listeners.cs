using System.Net;
using System.Net.Sockets;
using AkkaStream.Hocon;
using AkkaStream.Net;

namespace AkkaStream.Server.Settings;

/// <summary>
/// Where a broker listens and what it tells its clients, out of Kafka's properties: <c>listeners</c>,
/// <c>advertised.listeners</c>, <c>listener.security.protocol.map</c> and the names that single out a listener. Listeners of
/// Kafka's controllers are read and left out. Reads only what <see cref="BrokerProperties"/> gathered; host names are looked up.
/// </summary>
sealed class Listeners
{
    static readonly string[] Protocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

    readonly BrokerProperties _properties;
    readonly Action<HoconOrigin, string> _complain;
    readonly HashSet<string> _controllers;
    readonly Dictionary<string, string> _protocols = [];

    public Listeners(BrokerProperties properties, Action<HoconOrigin, string> complain)
    {
        _properties = properties;
        _complain = complain;
        _controllers = [.. ListOf("controller.listener.names").Select(name => name.ToUpperInvariant())];
    }

    public List<ListenerSettings> Bound { get; } = [];

    public Dictionary<string, DnsEndPoint> Advertised { get; } = [];

    /// <param name="otherwise">Where to listen when the configuration does not say.</param>
    public void Read(string otherwise)
    {
        ReadRoles();
        ReadProtocols();
        var asked = Parse("listeners", ListOf("listeners") is { Count: > 0 } named ? named : [otherwise]);
        var told = Parse("advertised.listeners", ListOf("advertised.listeners"));
        if (!AreApart(asked)) return;
        foreach (var listener in asked.Where(IsServed)) Bind(listener);
        if (Bound.Count == 0 && asked.Count > 0 && asked.All(listener => _controllers.Contains(listener.Name)))
            Complain("listeners", "listeners holds only listeners of controllers, which are not served; add one such as PLAINTEXT://:9092");
        Advertise(asked, told);
        CheckInterBroker(asked);
    }

    IReadOnlyList<string> ListOf(string name) =>
        _properties.Values.TryGetValue(name, out string? text)
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    void Complain(string name, string text) => _complain(_properties.OriginOf(name), text);

    void ReadRoles()
    {
        if (ListOf("process.roles") is { Count: > 0 } roles && !roles.Contains("broker"))
        {
            Complain("process.roles", "this node is only a controller, and AkkaStream needs none: the brokers keep the metadata themselves. " +
                "Do not start it, and start the brokers");
        }
    }

    /// <summary>Kafka's default map, or the user's; a controller's listener that is in neither is plaintext.</summary>
    void ReadProtocols()
    {
        if (ListOf("listener.security.protocol.map") is not { Count: > 0 } pairs)
        {
            foreach (string protocol in Protocols) _protocols[protocol] = protocol;
            return;
        }
        foreach (string pair in pairs)
        {
            int colon = pair.LastIndexOf(':');
            string protocol = pair[(colon + 1)..].Trim().ToUpperInvariant();
            if (colon <= 0 || Array.IndexOf(Protocols, protocol) < 0)
            {
                Complain("listener.security.protocol.map",
                    $"\"{pair}\" in listener.security.protocol.map must be NAME:PROTOCOL, the protocol one of {string.Join(", ", Protocols)}");
                continue;
            }
            _protocols[pair[..colon].Trim().ToUpperInvariant()] = protocol;
        }
    }

    List<ListenerAddress> Parse(string setting, IReadOnlyList<string> entries)
    {
        var parsed = new List<ListenerAddress>();
        foreach (string entry in entries)
        {
            if (ListenerAddress.Parse(entry, out var listener) is { } problem) Complain(setting, $"{setting}: {problem}");
            else if (parsed.Exists(other => other.Name == listener.Name))
                Complain(setting, $"{setting} names {listener.Name} twice; give each listener its own name");
            else parsed.Add(listener);
        }
        return parsed;
    }

    /// <summary>Two listeners may share a port only when one is for IPv4 and the other for IPv6.</summary>
    bool AreApart(List<ListenerAddress> asked)
    {
        foreach (var shared in asked.Where(l => l.Port != 0).GroupBy(l => l.Port).Where(group => group.Count() > 1))
        {
            ListenerAddress[] same = [.. shared];
            bool isPair = same.Length == 2 && IPAddress.TryParse(same[0].Host, out var one) && IPAddress.TryParse(same[1].Host, out var two)
                && one.AddressFamily != two.AddressFamily;
            if (isPair) continue;
            Complain("listeners", $"listeners uses port {shared.Key} for {string.Join(" and ", same.Select(l => l.Name))}; give each its own port");
            return false;
        }
        return true;
    }

    bool IsServed(ListenerAddress listener)
    {
        if (_controllers.Contains(listener.Name)) return false;
        if (!_protocols.TryGetValue(listener.Name, out string? protocol))
        {
            Complain("listeners", $"no security protocol is defined for listener {listener.Name}; " +
                $"add {listener.Name}:PLAINTEXT to listener.security.protocol.map");
            return false;
        }
        if (protocol == "PLAINTEXT") return true;
        Complain("listeners", $"listener {listener.Name} asks for {protocol}, which is not served yet. " +
            $"Use PLAINTEXT, and keep the port from strangers by other means: {listener.Name}:PLAINTEXT in listener.security.protocol.map");
        return false;
    }

    void Bind(ListenerAddress listener)
    {
        if (Resolve(listener) is { } address) Bound.Add(new ListenerSettings(listener.Name, new IPEndPoint(address, listener.Port)));
    }

    IPAddress? Resolve(ListenerAddress listener)
    {
        if (listener.IsAnyHost) return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        if (IPAddress.TryParse(listener.Host, out var address)) return address;
        if (listener.Host == "localhost") return IPAddress.Loopback;
        try
        {
            // As Java does: the first, and IPv4 before IPv6.
            return Dns.GetHostAddresses(listener.Host).OrderBy(a => a.AddressFamily == AddressFamily.InterNetworkV6).First();
        }
        catch (Exception e) when (e is SocketException or ArgumentException or InvalidOperationException)
        {
            Complain("listeners", $"listener {listener}: the host name {listener.Host} is not known here ({e.Message.TrimEnd('.')}). " +
                "Write an address of this machine, or leave the host empty to listen on all of them");
            return null;
        }
    }

    void Advertise(List<ListenerAddress> asked, List<ListenerAddress> told)
    {
        foreach (var listener in told)
        {
            if (_controllers.Contains(listener.Name)) continue;
            if (!asked.Exists(a => a.Name == listener.Name))
            {
                Complain("advertised.listeners", $"advertised.listeners names {listener.Name}, which is not in listeners " +
                    $"({string.Join(", ", asked.Select(a => a.Name))}); clients could not reach it");
            }
            else if (listener.IsWildcard && !listener.IsAnyHost)
            {
                Complain("advertised.listeners", $"advertised.listeners tells clients to connect to {listener.Host}, which no client can. " +
                    "Write the name or address under which clients reach this machine");
            }
            else Advertised[listener.Name] = new DnsEndPoint(listener.IsAnyHost ? HostName.Of() : listener.Host, listener.Port);
        }
        foreach (var listener in asked)
        {
            if (_controllers.Contains(listener.Name) || Advertised.ContainsKey(listener.Name)) continue;
            // What was asked for as a name is told as a name; port 0 stands for the one that will be bound.
            Advertised[listener.Name] = new DnsEndPoint(listener.IsWildcard ? HostName.Of() : listener.Host, listener.Port);
        }
    }

    void CheckInterBroker(List<ListenerAddress> asked)
    {
        if (!_properties.Values.TryGetValue("inter.broker.listener.name", out string? name)) return;
        if (!asked.Exists(listener => listener.Name == name.Trim().ToUpperInvariant()))
            Complain("inter.broker.listener.name", $"inter.broker.listener.name is {name}, which is not in listeners");
    }
}
