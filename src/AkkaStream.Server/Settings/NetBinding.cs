using System.Globalization;
using System.Net;
using AkkaStream.Metadata.Configs;
using AkkaStream.Net;

namespace AkkaStream.Server.Settings;

/// <summary>
/// Net's settings out of Kafka's properties. Only what was set replaces what is there: Kafka's own default of 100 KiB for
/// socket buffers would switch off the system's tuning, which is the better default.
/// </summary>
static class NetBinding
{
    public static NetSettings Bind(NetSettings own, IReadOnlyDictionary<string, string> properties)
    {
        var layers = new BrokerLayers(properties);
        long Number(string name, long otherwise) => properties.ContainsKey(name) ? layers.NumberOf(name) : otherwise;
        long idleMs = Number("connections.max.idle.ms", (long)own.MaxIdle.TotalMilliseconds);
        return own with
        {
            Loops = own.Loops > 0 ? own.Loops : Loops(properties.ContainsKey("num.network.threads") ? layers.NumberOf("num.network.threads") : null),
            RequestMaxBytes = (int)Number("socket.request.max.bytes", own.RequestMaxBytes),
            // Any negative time means for ever, and so does one beyond a clock's range.
            MaxIdle = idleMs is < 0 or > 4_000_000_000_000 ? TimeSpan.FromMilliseconds(4_000_000_000_000) : TimeSpan.FromMilliseconds(idleMs),
            MaxConnections = (int)Number("max.connections", own.MaxConnections),
            MaxConnectionsPerAddress = (int)Number("max.connections.per.ip", own.MaxConnectionsPerAddress),
            MaxConnectionsOverrides = properties.TryGetValue("max.connections.per.ip.overrides", out string? overrides)
                ? Overrides(overrides) : own.MaxConnectionsOverrides,
            Backlog = (int)Number("socket.listen.backlog.size", own.Backlog),
            SocketBuffers = new SocketBuffers(
                (int)Number("socket.send.buffer.bytes", own.SocketBuffers.Send),
                (int)Number("socket.receive.buffer.bytes", own.SocketBuffers.Receive)),
            RequestMemory = Number("queued.max.request.bytes", own.RequestMemory),
        };
    }

    /// <summary>More loops than processors only take turns; half of them leave room for everything else.</summary>
    static int Loops(long? asked) => asked is { } threads
        ? (int)Math.Clamp(threads, 1, Environment.ProcessorCount)
        : Math.Max(1, Environment.ProcessorCount / 2);

    static Dictionary<IPAddress, int> Overrides(string text)
    {
        var limits = new Dictionary<IPAddress, int>();
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = item.LastIndexOf(':');
            int limit = int.Parse(item.AsSpan(colon + 1), CultureInfo.InvariantCulture);
            string host = item[..colon].Trim('[', ']', ' ');
            foreach (var address in IPAddress.TryParse(host, out var known) ? [known] : Dns.GetHostAddresses(host)) limits[address] = limit;
        }
        return limits;
    }
}
