using System.Net;
using AkkaStream.Server.Tests.Settings;

namespace AkkaStream.Server.Tests;

public sealed class Hosting : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Several_brokers_run_side_by_side_each_on_a_port_of_its_own()
    {
        await using var one = await AkkaStreamHost.StartAsync();
        await using var two = await AkkaStreamHost.StartAsync();

        Assert.NotEqual(one.Addresses[0].Port, two.Addresses[0].Port);
        Assert.NotEqual(one.ClusterId, two.ClusterId);
    }

    [Fact]
    public async Task A_restart_keeps_the_ids()
    {
        var settings = new AkkaStreamSettings { LogDirs = [_directory] };
        string cluster;
        await using (var first = await AkkaStreamHost.StartAsync(settings with { NodeId = 5 })) cluster = first.ClusterId;

        await using var second = await AkkaStreamHost.StartAsync(settings);

        Assert.Equal(cluster, second.ClusterId);
        Assert.Equal(5, second.NodeId.Value);
    }

    [Fact]
    public async Task A_second_broker_is_kept_out_of_a_directory_in_use()
    {
        var settings = new AkkaStreamSettings { LogDirs = [_directory] };
        await using var first = await AkkaStreamHost.StartAsync(settings);

        var refused = await Assert.ThrowsAsync<DirectoryUnusableException>(() => AkkaStreamHost.StartAsync(settings));

        Assert.Contains($"{_directory} is in use by another broker", refused.Message);
    }

    [Fact]
    public async Task A_directory_is_free_again_when_its_broker_has_stopped_or_failed_to_start()
    {
        var settings = new AkkaStreamSettings { LogDirs = [_directory] };
        await using (var first = await AkkaStreamHost.StartAsync(settings))
        {
            await Assert.ThrowsAsync<IOException>(() => AkkaStreamHost.StartAsync(new AkkaStreamSettings
            {
                LogDirs = [Path.Combine(_directory, "other")],
                Listeners = [new AkkaStream.Net.ListenerSettings("PLAINTEXT", first.Addresses[0])],
            }));
        }

        await using var again = await AkkaStreamHost.StartAsync(settings);
        await using var other = await AkkaStreamHost.StartAsync(settings with { LogDirs = [Path.Combine(_directory, "other")] });

        Assert.Equal(IPAddress.Loopback, other.Addresses[0].Address);
    }

    [Fact]
    public async Task Properties_that_Kafka_would_refuse_are_refused()
    {
        var settings = new AkkaStreamSettings { Properties = new Dictionary<string, string> { ["num.partitions"] = "none" } };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => AkkaStreamHost.StartAsync(settings));

        Assert.Contains("Invalid value none for configuration num.partitions: Not a number of type INT", refused.Message);
    }

    [Fact]
    public async Task The_start_block_names_everything_one_needs_to_connect()
    {
        var settings = Configured.Nothing("listeners=PLAINTEXT://127.0.0.1:0", $"log.dirs={_directory}").Settings;
        await using var host = await AkkaStreamHost.StartAsync(settings);

        string block = StartBlock.Describe(host, settings);

        Assert.Matches($"^AkkaStream [0-9.]+.*\n  listeners  PLAINTEXT 127.0.0.1:{host.Addresses[0].Port}\n", block);
        Assert.Contains($"  data       {_directory} (0 partitions)\n", block);
        Assert.Contains($"  node       1 of cluster {host.ClusterId}, process", block);
    }
}
