using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Net.Links;

/// <summary>How an outgoing connection behaves; the defaults are those of Kafka's clients.</summary>
public sealed record LinkSettings
{
    /// <summary>client.id: goes with every request.</summary>
    public string? ClientId { get; init; }

    /// <summary>Told in ApiVersions (KIP-511); letters, digits, dots and dashes.</summary>
    public string SoftwareName { get; init; } = "akkastream";
    public string SoftwareVersion { get; init; } = "0.1.0";

    /// <summary>request.timeout.ms</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>socket.connection.setup.timeout.ms</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>reconnect.backoff.ms and reconnect.backoff.max.ms</summary>
    public Backoff Reconnect { get; init; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    /// <summary>connections.max.idle.ms</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>A larger answer ends the connection: such a length is a sign that the peer is no broker.</summary>
    public int MaxReplyBytes { get; init; } = 512 << 20;

    /// <summary>Runs on every new connection after ApiVersions and before anything else (SASL).</summary>
    public Func<LinkConnection, CancellationToken, ValueTask>? Authenticate { get; init; }
}

/// <summary>What a link takes from outside: network, clock, log and chance.</summary>
public sealed record LinkSeams
{
    public IConnector Connector { get; init; } = SocketConnector.Default;
    public TimeProvider Time { get; init; } = TimeProvider.System;
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Who waits goes on at once on the thread that brought the answer, as a simulation on one thread needs it.</summary>
    public bool RunsInline { get; init; }

    /// <summary>From 0 to below 1, for the jitter of waits; any thread.</summary>
    public Func<double> Chance { get; init; } = static () => 0.5;
}

/// <summary>Waits that double with every failure, spread by a fifth either way so that clients do not return in step.</summary>
public readonly record struct Backoff(TimeSpan Initial, TimeSpan Max)
{
    const int LargestShift = 20;
    const double Jitter = 0.2;

    public TimeSpan After(int failures, double chance)
    {
        double plain = Math.Min(Initial.TotalMilliseconds * (1L << Math.Clamp(failures - 1, 0, LargestShift)), Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(plain * (1 - Jitter + 2 * Jitter * chance));
    }
}
