using System.Net;
using System.Text;
using AkkaStream.Client.Administration;
using AkkaStream.Client.Settings;
using AkkaStream.Server;

namespace AkkaStream.Client.Tests.Support;

/// <summary>A broker in this process whose groups do not wait for late comers, and what tests of groups ask of it.</summary>
sealed class GroupBroker : IAsyncDisposable
{
    AkkaStreamHost _host;
    readonly string? _directory;

    GroupBroker(AkkaStreamHost host, string? directory) => (_host, _directory) = (host, directory);

    public string Servers => _host.BootstrapServers;

    public static async Task<GroupBroker> StartAsync(string? directory = null) =>
        new(await AkkaStreamHost.StartAsync(Settings(directory, 0)), directory);

    static AkkaStreamSettings Settings(string? directory, int port) => new()
    {
        LogDirs = directory is null ? [] : [directory],
        Listeners = [new("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, port))],
        Properties = new Dictionary<string, string>
        {
            ["group.initial.rebalance.delay.ms"] = "0",
            ["group.min.session.timeout.ms"] = "100",
            ["group.consumer.min.heartbeat.interval.ms"] = "50",
            ["group.consumer.heartbeat.interval.ms"] = "50",
            ["group.consumer.assignment.interval.ms"] = "0",
            ["offsets.topic.num.partitions"] = "4",
        },
    };

    public ValueTask StopAsync() => _host.DisposeAsync();

    /// <summary>Stops it and starts it again in the same place.</summary>
    public async Task RestartAsync()
    {
        int port = _host.Addresses[0].Port;
        await _host.DisposeAsync();
        _host = await AkkaStreamHost.StartAsync(Settings(_directory, port));
    }

    public ConsumerSettings Consumer(string? group = "g") => ConsumerSettings.For(Servers, group) with
    {
        OffsetReset = OffsetReset.Earliest,
        HeartbeatInterval = TimeSpan.FromMilliseconds(50),
        FetchMaxWait = TimeSpan.FromMilliseconds(50),
    };

    public Admin Admin() => new(AdminSettings.For(Servers));

    public async Task CreateTopic(string topic, int partitions = 1)
    {
        await using var admin = Admin();
        (await admin.CreateTopicsAsync([new NewTopic(topic, partitions, 1)]))[topic].Get();
    }

    /// <summary>Values "0", "1" and so on, to the partitions in turn.</summary>
    public async Task Produce(string topic, int count, int partitions = 1, int from = 0)
    {
        await using var producer = new Producer(ProducerSettings.For(Servers));
        for (int i = from; i < from + count; i++)
            await producer.EnqueueAsync(new ProducerRecord(topic, default, Encoding.UTF8.GetBytes($"{i}")) { Partition = i % partitions });
        await producer.FlushAsync();
    }

    public async Task<Dictionary<int, long>> Committed(string group = "g")
    {
        await using var admin = Admin();
        return (await admin.ListGroupOffsetsAsync(group)).ToDictionary(o => o.Key.Partition, o => o.Value.Offset);
    }

    public async Task<GroupDescription> Describe(string group = "g")
    {
        await using var admin = Admin();
        return (await admin.DescribeGroupsAsync([group]))[group].Get();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
