using System.Net;
using AkkaStream.Conformance.Clients;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Conformance;

/// <summary>
/// The broker that all tests of the suite share, and the clients that talk to it. Names of topics keep the tests apart. To check the suite
/// itself, AKKASTREAM_CONFORMANCE_BROKER names another broker (HOST:PORT) that may be thrown away, Kafka's for one.
/// </summary>
public sealed class OneBroker : IAsyncLifetime
{
    static readonly string? Other = Environment.GetEnvironmentVariable("AKKASTREAM_CONFORMANCE_BROKER");
    static readonly string Run = Other is null ? "" : $"-{Environment.ProcessId}";

    /// <summary>Groups wait for nobody who might still come, and members of the consumer protocol ask often.</summary>
    static readonly Dictionary<string, string> Quick = new()
    {
        ["group.initial.rebalance.delay.ms"] = "0",
        ["group.consumer.min.heartbeat.interval.ms"] = "500",
        ["group.consumer.heartbeat.interval.ms"] = "500",
        ["group.consumer.min.session.timeout.ms"] = "6000",
        ["group.consumer.session.timeout.ms"] = "6000",
        ["group.consumer.assignment.interval.ms"] = "0",
    };

    BrokerProcess? _process;
    int _topics;

    internal AllClients Clients { get; private set; } = new("");

    /// <summary>For clients that a test starts itself.</summary>
    internal string Servers => _process?.Servers ?? Other ?? "";

    internal IPEndPoint Address => IPEndPoint.Parse(Servers);

    public async Task InitializeAsync()
    {
        if (Other is null) _process = await BrokerProcess.StartAsync(Quick);
        Clients = new AllClients(_process?.Servers ?? Other!);
    }

    public async Task DisposeAsync()
    {
        await Clients.DisposeAsync();
        if (_process is null) return;
        await _process.StopAsync();
        await _process.DisposeAsync();
    }

    /// <summary>A name that no other test has.</summary>
    internal string NewName(string what) => $"{what}{Run}-{Interlocked.Increment(ref _topics)}";

    /// <summary>A topic that takes records, made by a client that can make topics.</summary>
    internal async Task<string> NewTopicAsync(string what, int partitions = 1, IReadOnlyDictionary<string, string>? configs = null)
    {
        string topic = NewName(what);
        await (await Clients[AllClients.Librdkafka]).CreateAsync(topic, partitions, configs: configs);
        return topic;
    }
}

[CollectionDefinition(Name)]
public sealed class SharedBroker : ICollectionFixture<OneBroker>
{
    public const string Name = "one broker";
}
