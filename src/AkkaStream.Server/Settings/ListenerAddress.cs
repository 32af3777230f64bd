using System.Globalization;

namespace AkkaStream.Server.Settings;

/// <summary>
/// One entry of <c>listeners</c> or <c>advertised.listeners</c>, as Kafka writes them: NAME://host:port, where the host
/// may be empty, a name, an IPv4 address or an IPv6 address in brackets. Names are upper case for Kafka. Pure.
/// </summary>
sealed record ListenerAddress(string Name, string Host, int Port)
{
    /// <summary>No host was named: all addresses of this machine.</summary>
    public bool IsAnyHost => Host.Length == 0;

    /// <summary>An address that is fine to listen on and that no client can connect to.</summary>
    public bool IsWildcard => IsAnyHost || Host is "0.0.0.0" or "::" or "[::]";

    /// <summary>Null when understood, otherwise what is wrong and how it should look.</summary>
    public static string? Parse(string text, out ListenerAddress address)
    {
        address = new ListenerAddress("", "", 0);
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return $"\"{text}\" is no listener: write NAME://host:port, such as PLAINTEXT://:9092";
        string name = text[..scheme].Trim().ToUpperInvariant();
        string rest = text[(scheme + 3)..];
        int colon = rest.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(rest.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port))
            return $"\"{text}\" names no port: write {name}://{rest.TrimEnd(':')}:9092";
        if (port is < 0 or > ushort.MaxValue)
            return $"\"{text}\" has port {port}: ports are 1 to 65535, and 0 takes any free one";
        string host = rest[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':'))
            return $"\"{text}\": an IPv6 address stands in brackets, {name}://[{host}]:{port}";
        foreach (char c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or ':' or '%'))
                return $"\"{text}\": '{c}' cannot be part of a host name";
        }
        address = new ListenerAddress(name, host, port);
        return null;
    }

    public override string ToString() => $"{Name}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
}
