using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AkkaStream.Server;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;
using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>
/// One script played to one broker: a fresh one in this process, or the one that AKKASTREAM_TWIN_BROKER names (HOST:PORT; it must be
/// one that may be thrown away). A few scripts run at the same time: most of their time they wait.
/// </summary>
sealed record TwinRun(string Script, IReadOnlyList<TwinVerdict> Verdicts, IReadOnlyList<JsonElement> Recorded)
{
    static readonly string? Broker = Environment.GetEnvironmentVariable("AKKASTREAM_TWIN_BROKER");
    static readonly SemaphoreSlim Turns = new(Broker is null ? 4 : 1);

    /// <param name="answers">"plain", or "defaults" for a broker that waits for more members as long as Kafka does unless told otherwise.</param>
    public static async Task<TwinRun> PlayAsync(string script, string answers = "plain")
    {
        await Turns.WaitAsync();
        try
        {
            await using var host = Broker is null ? await AkkaStreamHost.StartAsync(SettingsOf(answers)) : null;
            var address = host?.Addresses[0] ?? IPEndPoint.Parse(Broker!);
            return await PlayAsync(() => TwinPlayer.BeginAsync(address), script, answers);
        }
        finally
        {
            Turns.Release();
        }
    }

    /// <summary>To a broker in a process of its own, which the script restarts; or to another one, through the program that restarts it.</summary>
    public static async Task<TwinRun> PlayWithRestartsAsync(string script)
    {
        await using var process = Broker is null ? await BrokerProcess.StartAsync(SettingsOf("restart").Properties) : null;
        var address = process?.Address ?? IPEndPoint.Parse(Broker!);
        return await PlayAsync(
            () => TwinPlayer.BeginAsync(address, process is null ? RestartOtherAsync : how => RestartAsync(process, how)), script, "restart");
    }

    static async Task<TwinRun> PlayAsync(Func<Task<TwinPlayer>> begin, string script, string answers)
    {
        string folder = answers == "restart" ? "twin/scripts/restart" : "twin/scripts";
        var steps = TwinScript.Load(Path.Combine(GoldenFiles.Root, folder, $"{script}.json"));
        string file = $"twin/answers/{answers}/{script}.jsonl.gz";
        if (Environment.GetEnvironmentVariable("AKKASTREAM_TWIN_RECORD") == "1")
        {
            using var recorder = await begin();
            await TwinRecording.WriteAsync(recorder, steps, Path.Combine(GoldenFiles.Root, file));
        }

        var recorded = GoldenFiles.Lines(file).ToList();
        using var player = await begin();
        return new TwinRun(script, await TwinJudge.JudgeAsync(player, steps, recorded), recorded);
    }

    static async Task<EndPoint> RestartAsync(BrokerProcess process, string how)
    {
        if (how == "kill") await process.KillAsync();
        else await process.StopAsync();
        await process.StartAgainAsync();
        return process.Address;
    }

    static async Task<EndPoint> RestartOtherAsync(string how)
    {
        string program = Environment.GetEnvironmentVariable("AKKASTREAM_TWIN_RESTART")
            ?? throw new InvalidDataException("AKKASTREAM_TWIN_RESTART names no program that restarts the broker");
        using var process = Process.Start(program, [how]);
        await process.WaitForExitAsync();
        return IPEndPoint.Parse(Broker!);
    }

    /// <summary>As the recorded broker was set.</summary>
    static AkkaStreamSettings SettingsOf(string answers) => new()
    {
        Properties = new Dictionary<string, string>
        {
            ["group.initial.rebalance.delay.ms"] = answers == "defaults" ? "3000" : "0",
            ["process.roles"] = "broker,controller",
            ["controller.listener.names"] = "CONTROLLER",
            ["controller.quorum.voters"] = "1@localhost:1",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            ["offsets.topic.replication.factor"] = "1",
            ["transaction.state.log.replication.factor"] = "1",
            ["transaction.state.log.min.isr"] = "1",
            ["share.coordinator.state.topic.replication.factor"] = "1",
            ["share.coordinator.state.topic.min.isr"] = "1",
        },
    };

    public int Count(TwinOutcome outcome) => Verdicts.Count(v => v.Outcome == outcome && !(v.Step.IsSetup && outcome == TwinOutcome.NotServed));

    /// <summary>What differs and stands in no list.</summary>
    public IEnumerable<TwinVerdict> Unexplained =>
        Verdicts.Where(v => v.Outcome == TwinOutcome.Different && !Accepted.All.Any(a => a.Covers(v.Step)));

    public override string ToString()
    {
        var text = new StringBuilder(
            $"{Script}: {Count(TwinOutcome.Matched)} matched, {Count(TwinOutcome.Different)} different, {Count(TwinOutcome.NotServed)} not served yet");
        var missing = Verdicts.Where(v => v.NotServed is not null && !v.Step.IsSetup).GroupBy(v => v.NotServed).Select(g => $"{g.Key} {g.Count()}");
        if (Count(TwinOutcome.NotServed) > 0) text.Append($" ({string.Join(", ", missing)})");
        return text.ToString();
    }

    /// <summary>What differs, or is not served; steps that need not be answered apart.</summary>
    public IReadOnlyList<TwinVerdict> Unlike =>
        [.. Verdicts.Where(v => v.Outcome is TwinOutcome.Different or TwinOutcome.NotServed && !v.Step.Json.ContainsKey("optional"))];

    public string Describe(IEnumerable<TwinVerdict> verdicts)
    {
        var text = new StringBuilder();
        foreach (var verdict in verdicts)
        {
            text.AppendLine(verdict.Step.ToString());
            foreach (string difference in verdict.Differences.Take(12)) text.AppendLine($"    {difference}");
        }

        return text.ToString();
    }
}
