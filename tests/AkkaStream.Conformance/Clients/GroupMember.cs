using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AkkaStream.TestKit;

namespace AkkaStream.Conformance.Clients;

/// <summary>Which of other people's clients is a member, and how it is started.</summary>
/// <param name="Name">As it stands in the test's name.</param>
/// <param name="Strategy">How the members share, in the client's own words; empty for its default.</param>
sealed record MemberKind(string Name, string Strategy, string Program, string[] Arguments)
{
    static readonly string Repository = Path.GetFullPath(Path.Combine(GoldenFiles.Root, "..", ".."));
    static readonly string Programs = Path.Combine(Repository, "tests", "AkkaStream.Conformance", "clients");

    public static readonly MemberKind[] All =
    [
        Python("librdkafka", "rdkafka_member.py", "range"),
        Python("librdkafka", "rdkafka_member.py", "roundrobin"),
        Python("librdkafka", "rdkafka_member.py", "cooperative-sticky"),
        Python("kafka-python", "kafka_python_member.py", "range"),
        Python("kafka-python", "kafka_python_member.py", "roundrobin"),
        Node("kafkajs", "kafkajs_member.js", ""),
        Node("platformatic", "platformatic_member.js", "classic"),
        Node("platformatic", "platformatic_member.js", "consumer"),
        Sarama("range"),
        Sarama("roundrobin"),
    ];

    /// <summary>It says what it has read before that is committed, so that a killed one's last records come twice.</summary>
    public bool CommitsLater => Name == "sarama";

    /// <summary>
    /// After a change of its group it fetches from the committed position again what it still holds, hands out both, and so commits backwards.
    /// </summary>
    public bool KeepsFetched => Name == "platformatic";

    static MemberKind Python(string name, string script, string strategy) =>
        new(name, strategy, "/usr/bin/python3", [Path.Combine(Programs, "python", script)]);

    static MemberKind Node(string name, string script, string strategy) => new(name, strategy, "node", [Path.Combine(Programs, "node", script)]);

    static MemberKind Sarama(string strategy) =>
        new("sarama", strategy, Path.Combine(Repository, "artifacts", "conformance", "sarama-client"), ["member"]);

    public override string ToString() => Strategy.Length == 0 ? Name : $"{Name} {Strategy}";
}

/// <summary>One member of a group in a process of its own. It tells what it owns and what it has read and committed.</summary>
sealed class GroupMember : IAsyncDisposable
{
    readonly Process _process;
    readonly Task _listening;
    readonly Action _news;
    volatile int[] _owned = [];
    volatile string _trouble = "";

    GroupMember(string name, Process process, Action news)
    {
        Name = name;
        _process = process;
        _news = news;
        _listening = ListenAsync();
        process.ErrorDataReceived += (_, e) => _trouble = e.Data is { Length: > 0 } line ? $"{_trouble[..Math.Min(_trouble.Length, 2_000)]} {line}" : _trouble;
        process.BeginErrorReadLine();
    }

    /// <summary>What a test calls it.</summary>
    public string Name { get; }

    /// <summary>Partitions of its last assignment; none while it is out.</summary>
    public IReadOnlyList<int> Owned => _owned;

    /// <summary>What it wrote to its standard error.</summary>
    public string Trouble => _trouble;

    /// <summary>Partition, offset and value of all that it has read, in its order.</summary>
    public Channel<(int Partition, long Offset, string Value)> Read { get; } = Channel.CreateUnbounded<(int, long, string)>();

    /// <param name="news">Called whenever the member has told something.</param>
    public static GroupMember Start(MemberKind kind, string name, string servers, string group, string topic, Action news)
    {
        string[] arguments = [.. kind.Arguments, servers, group, topic, kind.Strategy];
        var start = new ProcessStartInfo(kind.Program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            return new GroupMember(name, Process.Start(start)!, news);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new TestFailedException($"{kind.Program} is not there ({missing.Message}): run tests/install as root", missing);
        }
    }

    async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var told = JsonNode.Parse(line)!.AsObject();
            if (told["assigned"] is JsonArray owned) _owned = [.. owned.Select(p => (int)p!)];
            foreach (var record in told["read"] as JsonArray ?? []) Read.Writer.TryWrite(((int)record![0]!, (long)record[1]!, (string)record[2]!));
            if (told["left"] is not null) _owned = [];
            _news();
        }
        _owned = [];
        _news();
    }

    /// <summary>As a client that is closed: its last commits are made, and the group is told.</summary>
    public async Task LeaveAsync()
    {
        await _process.StandardInput.WriteLineAsync("leave");
        await _process.StandardInput.FlushAsync();
        await _listening.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _listening.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
