using System.Text.RegularExpressions;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Server;

namespace AkkaStream.Cli.Tests;

/// <summary>What only AkkaStream's tools can do for groups, and the console consumer in a group.</summary>
public sealed class GroupToolsTests : IAsyncLifetime
{
    AkkaStreamHost _host = null!;

    public async Task InitializeAsync()
    {
        var properties = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" };
        _host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { Properties = properties });
        await using var producer = new Producer(ProducerSettings.For(_host.BootstrapServers));
        for (int i = 0; i < 10; i++) await producer.SendAsync(new ProducerRecord("t", default, "x"u8.ToArray()));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    Task<CliRun> Groups(string line) => CliRun.Of(["consumer-groups", "--bootstrap-server", _host.BootstrapServers, .. line.Split(' ')]);

    Task<CliRun> Consume(string line) => CliRun.Of(["console-consumer", "--bootstrap-server", _host.BootstrapServers, "--topic", "t", .. line.Split(' ')]);

    async Task<string> Offset()
    {
        var run = await Groups("--describe --group g");
        return Regex.Match(run.Output, @"^g +t +0 +(\S+)", RegexOptions.Multiline).Groups[1].Value;
    }

    [Fact]
    public async Task A_console_consumer_in_a_group_goes_on_behind_what_it_printed()
    {
        Assert.Equal("x\nx\nx\n", (await Consume("--group g --from-beginning --max-messages 3")).Output);
        Assert.Equal("3", await Offset());
        Assert.Equal("x\n", (await Consume("--group g --max-messages 1")).Output);
        Assert.Equal("4", await Offset());
    }

    [Fact]
    public async Task A_console_consumer_joins_by_the_newer_protocol_when_it_is_told_to()
    {
        Assert.Equal("x\nx\n", (await Consume("--group n --from-beginning --max-messages 2 --command-property group.protocol=consumer")).Output);
        Assert.Matches("(?m)^n +Consumer +Empty", (await Groups("--list --type --state")).Output);
        Assert.Contains("cannot be set when group.protocol=consumer",
            (await Consume("--group n --command-property group.protocol=consumer --command-property session.timeout.ms=1")).Error);
    }

    [Fact]
    public async Task History_tells_of_rebalances_with_their_cause_and_of_resets_with_the_offsets()
    {
        await Consume("--group g --from-beginning --max-messages 3");
        await Groups("--reset-offsets --group g --topic t --to-offset 7 --execute");

        var run = await Groups("--history g");

        Assert.Equal(0, run.Exit);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^GROUP +TIME +EVENT +GENERATION +MEMBERS +TOOK-MS +CLIENT-ID +REASON", lines[0]);
        Assert.Contains(lines, l => Regex.IsMatch(l, "^g +20.*Z +Rebalanced +1 +1 +.*console-consumer"));
        Assert.Matches(@"^g +20.*OffsetsReset .*\(t-0: 3 -> 7\)", lines[^1]);
    }

    [Fact]
    public async Task Undo_reset_puts_back_what_was_committed_before_and_can_be_undone_itself()
    {
        await Consume("--group g --from-beginning --max-messages 4");
        await Groups("--reset-offsets --group g --topic t --to-latest --execute");
        Assert.Equal("10", await Offset());

        var dry = await Groups("--undo-reset g --dry-run");
        Assert.Matches(@"(?m)^g +t +0 +10 +4$", dry.Output);
        Assert.Equal("10", await Offset());
        Assert.Equal(dry.Output, (await Groups("--undo-reset --group g")).Output);
        Assert.Equal("4", await Offset());
        await Groups("--undo-reset g");
        Assert.Equal("10", await Offset());
    }

    [Fact]
    public async Task Undo_and_history_say_what_is_missing()
    {
        Assert.Contains("Group nope not found", (await Groups("--history nope")).Output);
        Assert.Contains("Group nope not found", (await Groups("--undo-reset nope")).Output);
        Assert.Contains("needs a group", (await Groups("--history")).Error);
    }
}
