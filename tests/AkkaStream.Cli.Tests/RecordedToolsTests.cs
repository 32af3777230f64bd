using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Server;
using AkkaStream.TestKit;

namespace AkkaStream.Cli.Tests;

/// <summary>
/// Command lines that Kafka's own tools were given, with what they answered, played to ours against one broker in this process. Where ours
/// answers otherwise on purpose, the recording holds our answer and the reason beside Kafka's.
/// </summary>
public sealed partial class RecordedToolsTests : IAsyncLifetime
{
    AkkaStreamHost _host = null!;
    Consumer? _member;
    string _file = "";

    public async Task InitializeAsync()
    {
        _file = Path.GetTempFileName();
        var properties = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" };
        _host = await AkkaStreamHost.StartAsync(new AkkaStreamSettings { Properties = properties });
    }

    public async Task DisposeAsync()
    {
        await SetMember(lives: false);
        await _host.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task Every_recorded_command_line_is_answered_as_Kafkas_tools_answer_it()
    {
        int played = 0;
        var differences = new StringBuilder();
        // One after the other: later ones look at what earlier ones made.
        foreach (string recording in (string[])["topics", "console", "others", "groups", "tools", "clusters"])
        {
            foreach (var line in GoldenFiles.Lines($"cli/{recording}.jsonl"))
            {
                if (line.TryGetProperty("mark", out var mark))
                {
                    await SetMember(mark.GetString() == "live");
                    continue;
                }
                await Play(line, differences);
                played++;
            }
        }
        Assert.True(differences.Length == 0, differences.ToString());
        Assert.True(played > 370, $"only {played} command lines were found");
    }

    // Between two marks of a recording the group "live" has one member, which commits when it leaves.
    async Task SetMember(bool lives)
    {
        if (_member is not null) await _member.DisposeAsync();
        _member = null;
        if (!lives) return;
        var settings = ConsumerSettings.For(_host.BootstrapServers, "live") with
        {
            OffsetReset = OffsetReset.Earliest, AutoCommitInterval = TimeSpan.FromHours(1), MaxPollInterval = TimeSpan.FromHours(1),
        };
        _member = new Consumer(settings with { Client = settings.Client with { ClientId = "member" } });
        _member.Subscribe(["g1"]);
        for (int read = 0; read < 20;)
        {
            using var records = await _member.PollAsync(TimeSpan.FromSeconds(30));
            Assert.NotEmpty(records);
            read += records.Count;
        }
    }

    async Task Play(JsonElement line, StringBuilder differences)
    {
        if (line.TryGetProperty("file", out var file)) await File.WriteAllTextAsync(_file, file.GetString());
        string[] args = [.. line.GetProperty("args").EnumerateArray().Select(a => Filled(a.GetString() ?? ""))];
        var ours = await CliRun.Of(
            [line.GetProperty("tool").GetString() ?? "", .. args], line.TryGetProperty("stdin", out var stdin) ? stdin.GetString() ?? "" : "");

        int exit = line.GetProperty("exit").GetInt32();
        string output = line.GetProperty("stdout").GetString() ?? "";
        if (line.TryGetProperty("ours", out var own))
        {
            Assert.NotEmpty(own.GetProperty("why").GetString() ?? "");
            if (own.TryGetProperty("exit", out var ownExit)) exit = ownExit.GetInt32();
            if (own.TryGetProperty("stdout", out var ownOutput)) output = ownOutput.GetString() ?? "";
        }
        string name = $"{line.GetProperty("name").GetString()}: {string.Join(' ', args)}";
        if (ours.Exit != exit) differences.AppendLine($"{name}\n  exit code {ours.Exit}, expected {exit}; {ours.Error.Trim()}");
        if (Normal(ours.Output) != Normal(Filled(output))) differences.AppendLine($"{name}\n--- expected\n{output}--- printed\n{ours.Output}{ours.Error}");
        if (line.TryGetProperty("stderr", out var error) && !ours.Error.Contains(error.GetString() ?? ""))
            differences.AppendLine($"{name}\n  complains: {ours.Error.Trim()}\n  expected:  {error.GetString()}");
    }

    string Filled(string text) => text.Replace("{bootstrap}", _host.BootstrapServers).Replace("{file}", _file);

    // Ids and times differ from run to run, and Kafka's order is that of its hash tables.
    static string Normal(string text)
    {
        text = Ids().Replace(text, "TopicId: ID");
        text = Times().Replace(text, "TIME");
        text = Classes().Replace(text, "");
        text = Members().Replace(text, "member-ID");
        text = Directories().Replace(text, "any");
        text = Measured().Replace(text, "N");
        text = Named().Replace(text, "ID");
        text = Configs().Replace(text, m => "Configs: " + string.Join(",", m.Groups[1].Value.Split(',').Order(StringComparer.Ordinal)));
        return string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()).Order(StringComparer.Ordinal)).Trim();
    }

    [GeneratedRegex(@"TopicId: \S+")]
    private static partial Regex Ids();

    [GeneratedRegex(@"(?<![.\d])\d{13}\b")]
    private static partial Regex Times();

    // Names of Java classes, which say nothing to a user.
    [GeneratedRegex(@"(?:org\.apache|java)(?:\.\w+)+Exception: ")]
    private static partial Regex Classes();

    [GeneratedRegex(@"member-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Members();

    [GeneratedRegex(@"(?<=log_dirs\W{4})/[^\W]*(?:/\w+)*")]
    private static partial Regex Directories();

    // What was counted or measured: epochs, offsets of the metadata, times, throughput.
    [GeneratedRegex("""
        (?<=Epoch:[ ])\d+ | (?<=HighWatermark:\s+)\d+ | (?<=avg_throughput":)[\d.E+-]+ | (?<=latency:[ ])[\d.]+ | (?<=th[ ]=[ ])\d+
        | (?<=^\d+\t)[\d.]+$ | (?<=^|\t)[ \w-]*\d[ \w-]*(?=\t)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline)]
    private static partial Regex Measured();

    // Clusters and directories.
    [GeneratedRegex("""(?<=ClusterId:\s+)\S+ | (?<="directoryId":[ ])"[^"]*" | (?<=DirectoryId)[ ]*""", RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Named();

    [GeneratedRegex(@"Configs: (\S*)")]
    private static partial Regex Configs();
}
