using System.Net;
using AkkaStream.Net;
using AkkaStream.Replication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Server;

/// <summary>
/// How a broker runs. The defaults are a broker for tests: in this process, on a free port of the loopback, in memory. The command
/// line binds the same record from a configuration file.
/// </summary>
public sealed record AkkaStreamSettings
{
    /// <summary>Where clients connect; port 0 takes a free one.</summary>
    public IReadOnlyList<ListenerSettings> Listeners { get; init; } = [new("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, 0))];

    /// <summary>What clients are told to connect to, by listener name; a listener that is not named here tells its own address.</summary>
    public IReadOnlyDictionary<string, DnsEndPoint> Advertised { get; init; } = new Dictionary<string, DnsEndPoint>();

    /// <summary>Directories for the data; none keeps everything in memory.</summary>
    public IReadOnlyList<string> LogDirs { get; init; } = [];

    /// <summary>node.id; null takes what the directories say, or else 1.</summary>
    public int? NodeId { get; init; }
    public string? ClusterId { get; init; }
    public string? Rack { get; init; }

    /// <summary>What Net adds to Kafka's properties; those of Kafka that are set in <see cref="Properties"/> go before.</summary>
    public NetSettings Net { get; init; } = new();

    /// <summary>Segment files held open over all directories.</summary>
    public int OpenFilesMax { get; init; } = 4096;

    /// <summary>How stored data are checked in the background.</summary>
    public ScrubSettings Scrub { get; init; } = new();

    /// <summary>Every other broker property by Kafka's name, as in server.properties.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
