using System.Text.RegularExpressions;
using AkkaStream.Server;

namespace AkkaStream.Cli.Tests;

/// <summary>Tools whose answers hold ids, times or rates, which no recording can tell.</summary>
public sealed class ToolsTests : IAsyncLifetime
{
    AkkaStreamHost _host = null!;

    public async Task InitializeAsync()
    {
        var properties = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" };
        _host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { Properties = properties });
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    Task<CliRun> Run(string tool, string line) => CliRun.Of([tool, .. line.Split(' '), "--bootstrap-server", _host.BootstrapServers]);

    [Fact]
    public async Task The_cluster_tells_its_id_and_endpoints()
    {
        Assert.Equal($"Cluster ID: {_host.ClusterId}\n", (await Run("cluster", "cluster-id")).Output);
        string[] lines = (await Run("cluster", "list-endpoints")).Output.Split('\n');
        Assert.Equal("ID         HOST      PORT       RACK       STATE      ENDPOINT_TYPE  ", lines[0]);
        Assert.Equal($"1          127.0.0.1 {_host.Addresses[0].Port,-10} null       unfenced   broker         ", lines[1]);
        Assert.Contains("cluster-id, list-endpoints, unregister", (await CliRun.Of(["cluster", "nothing"])).Error);
    }

    [Fact]
    public async Task Features_are_listed_as_Kafka_lists_them()
    {
        string[] lines = (await Run("features", "describe")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        // The widths are those of Kafka's tool.
        Assert.All(lines, l => Assert.Matches(@"^Feature: .{42}SupportedMinVersion: .{17}SupportedMaxVersion: .{17}FinalizedVersionLevel: .{17}Epoch: \d+$", l));
        Assert.Contains(lines, l => Regex.IsMatch(l, @"^Feature: metadata.version +SupportedMinVersion: 3\.3-IV3 .*FinalizedVersionLevel: 4\.\d-IV\d"));
        Assert.Contains(lines, l => Regex.IsMatch(l, "^Feature: group.version .*FinalizedVersionLevel: 1"));
    }

    [Fact]
    public async Task Producing_and_consuming_are_measured_in_the_form_of_Kafkas_tools()
    {
        const string summary = @"^1000 records sent, [\d.]{8,} records/sec \(\d+\.\d\d MB/sec\), [\d.]+ ms avg latency, \d+\.00 ms max latency, "
            + @"\d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99\.9th\.\n$";
        var produced = await CliRun.Of(
            ["producer-perf-test", "--topic", "p", "--num-records", "1000", "--record-size", "100", "--throughput", "-1", "--producer-props",
                $"bootstrap.servers={_host.BootstrapServers}", "acks=1", "enable.idempotence=false"]);
        Assert.Equal(0, produced.Exit);
        Assert.Matches(summary, produced.Output);

        var consumed = await Run("consumer-perf-test", "--topic p --num-records 1000");
        string[] lines = consumed.Output.Split('\n');
        Assert.Equal(
            "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, "
            + "fetch.nMsg.sec", lines[0]);
        Assert.Matches(
            @"^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}, 20.{21}, 0\.0954, \d+\.\d{4}, 1000, [\d.]+, \d+, \d+, \d+\.\d{4}, \d+\.\d{4}$", lines[1]);
    }

    [Fact]
    public async Task A_consumer_that_finds_too_few_records_says_so_and_prints_what_it_had()
    {
        await CliRun.Of(
            ["producer-perf-test", "--topic", "p", "--num-records", "10", "--payload-monotonic", "--throughput", "1000000", "--bootstrap-server",
                _host.BootstrapServers, "--warmup-records", "5"]);
        var consumed = await Run("consumer-perf-test", "--topic p --num-records 1000 --timeout 3000 --hide-header");
        Assert.Matches(@"^WARNING: Exiting before consuming the expected number of records: timeout \(3000 ms\) exceeded\..*\n.*, 10, ", consumed.Output);
    }

    [Fact]
    public async Task What_a_measurement_needs_is_named()
    {
        Assert.Contains("one of the arguments --record-size --payload-file --payload-monotonic is required",
            (await Run("producer-perf-test", "--topic p --num-records 1 --throughput -1")).Error);
        Assert.Contains("--throughput", (await Run("producer-perf-test", "--topic p --num-records 1 --record-size 1")).Error);
        Assert.Contains("[topic], [include]", (await Run("consumer-perf-test", "--num-records 1")).Error);
    }
}
