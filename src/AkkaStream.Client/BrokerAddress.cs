using System.Globalization;

namespace AkkaStream.Client;

/// <summary>Where a broker listens.</summary>
readonly record struct BrokerAddress(string Host, int Port)
{
    /// <summary>host:port, [v6]:port or PROTOCOL://host:port, as bootstrap.servers takes them.</summary>
    public static BrokerAddress Parse(string text)
    {
        var rest = text.AsSpan();
        int scheme = rest.IndexOf("://");
        if (scheme >= 0) rest = rest[(scheme + 3)..];
        int colon = rest.LastIndexOf(':');
        bool hasPort = colon > 0 && int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= 65535 && (rest[0] == '[' ? rest[colon - 1] == ']' : !rest[..colon].Contains(':'));
        if (!hasPort)
            throw new KafkaConfigException("bootstrap.servers",
                $"Invalid url in bootstrap.servers: {text}. Write host:port, for example localhost:9092.");
        var host = rest[..colon].Trim("[]");
        return new BrokerAddress(host.ToString(), int.Parse(rest[(colon + 1)..], CultureInfo.InvariantCulture));
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
