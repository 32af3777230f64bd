using System.Security.Cryptography;
using AkkaStream.Actors;
using AkkaStream.Net;
using AkkaStream.Net.Links;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Client.Settings;

/// <summary>
/// What all clients share: whom to ask first, how to connect, how long to wait. Defaults are Kafka's; the comment at each
/// property names Kafka's.
/// </summary>
public sealed record ClientSettings
{
    /// <summary>bootstrap.servers: any brokers of the cluster, host:port each.</summary>
    public IReadOnlyList<string> BootstrapServers { get; init; } = [];

    /// <summary>client.id</summary>
    public string ClientId { get; init; } = "";

    /// <summary>client.rack</summary>
    public string Rack { get; init; } = "";

    /// <summary>request.timeout.ms</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>default.api.timeout.ms: how long a call of the consumer or admin may take in all.</summary>
    public TimeSpan ApiTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>retry.backoff.ms and retry.backoff.max.ms</summary>
    public Backoff Retry { get; init; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    /// <summary>reconnect.backoff.ms and reconnect.backoff.max.ms</summary>
    public Backoff Reconnect { get; init; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    /// <summary>socket.connection.setup.timeout.ms</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>connections.max.idle.ms</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(9);

    /// <summary>metadata.max.age.ms</summary>
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>send.buffer.bytes and receive.buffer.bytes; -1 leaves it to the system.</summary>
    public SocketBuffers SocketBuffers { get; init; } = new(-1, -1);

    /// <summary>The clock. Tests bring one that they move.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the client's log goes.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>How connections are made; null takes sockets.</summary>
    public IConnector? Connector { get; init; }

    /// <summary>
    /// Who waits goes on at once on the thread that brought the news, as a simulation on one thread needs it. Elsewhere on another
    /// thread, so that it cannot hold up the network.
    /// </summary>
    internal bool RunsInline { get; init; }

    internal TaskCreationOptions Completions => RunsInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>Where chance comes from (jitter of waits, choice of brokers and partitions).</summary>
    public ulong Seed { get; init; } = NewSeed();

    /// <summary>Names in the properties that neither Kafka nor AkkaStream knows, each with the nearest known one.</summary>
    public IReadOnlyList<string> UnknownProperties { get; init; } = [];

    /// <summary>Client settings for one or several brokers, with all else at its default.</summary>
    public static ClientSettings For(string bootstrapServers) => new() { BootstrapServers = ParseServers(bootstrapServers) };

    /// <exception cref="KafkaConfigException">A value cannot be used.</exception>
    public static ClientSettings FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        var bag = new PropertyBag(properties);
        var settings = From(bag);
        return settings with { UnknownProperties = bag.Unknown() };
    }

    internal static ClientSettings From(PropertyBag bag)
    {
        var defaults = new ClientSettings();
        return defaults with
        {
            BootstrapServers = ParseServers(bag.Text("bootstrap.servers", "")),
            ClientId = bag.Text("client.id", ""),
            Rack = bag.Text("client.rack", ""),
            RequestTimeout = bag.Milliseconds("request.timeout.ms", defaults.RequestTimeout),
            ApiTimeout = bag.Milliseconds("default.api.timeout.ms", defaults.ApiTimeout),
            Retry = new Backoff(
                bag.Milliseconds("retry.backoff.ms", defaults.Retry.Initial), bag.Milliseconds("retry.backoff.max.ms", defaults.Retry.Max)),
            Reconnect = new Backoff(
                bag.Milliseconds("reconnect.backoff.ms", defaults.Reconnect.Initial),
                bag.Milliseconds("reconnect.backoff.max.ms", defaults.Reconnect.Max)),
            ConnectTimeout = bag.Milliseconds("socket.connection.setup.timeout.ms", defaults.ConnectTimeout),
            MaxIdle = IdleOf(bag, defaults.MaxIdle),
            MetadataMaxAge = bag.Milliseconds("metadata.max.age.ms", defaults.MetadataMaxAge),
            SocketBuffers = new SocketBuffers(bag.Int("send.buffer.bytes", -1, -1), bag.Int("receive.buffer.bytes", -1, -1)),
            Connector = null,
        };
    }

    // Kafka's -1: never.
    static TimeSpan IdleOf(PropertyBag bag, TimeSpan otherwise)
    {
        long ms = bag.Long("connections.max.idle.ms", (long)otherwise.TotalMilliseconds, -1);
        return ms < 0 ? TimeSpan.FromDays(1000) : TimeSpan.FromMilliseconds(ms);
    }

    internal static string[] ParseServers(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal LinkSettings ToLinkSettings() => new()
    {
        ClientId = ClientId,
        RequestTimeout = RequestTimeout,
        ConnectTimeout = ConnectTimeout,
        Reconnect = Reconnect,
        MaxIdle = MaxIdle,
    };

    internal LinkSeams ToSeams(Chance chance) => new()
    {
        Connector = Connector ?? new SocketConnector(SocketBuffers),
        Time = Time,
        Log = Log,
        Chance = chance.NextDouble,
        RunsInline = RunsInline,
    };

    static ulong NewSeed()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}

/// <summary>Chance that several threads may draw from.</summary>
sealed class Chance(ulong seed)
{
    readonly Lock _lock = new();
    readonly SeededRandom _random = new(seed);

    public double NextDouble()
    {
        lock (_lock) return _random.NextDouble();
    }

    public int Next(int limit)
    {
        lock (_lock) return _random.Next(limit);
    }
}
