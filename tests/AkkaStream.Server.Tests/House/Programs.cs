using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Server.Tests.House;

/// <summary>The program as a process: what it prints, how it ends, and that nobody ever sees a stack trace.</summary>
public sealed class Programs : IDisposable
{
    const int Term = 15;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;
    readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_directory, recursive: true);
    }

    static string Program => Path.Combine(AppContext.BaseDirectory, "akkastream.dll");

    Process Start(params string[] words) => Start(words, ("AKKASTREAM_TEST", "1"));

    Process Start(string[] words, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", "--runtimeconfig", RuntimeConfig, Program, .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _directory,
        };
        start.Environment[variable.Name] = variable.Value;
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    static string RuntimeConfig => Path.Combine(AppContext.BaseDirectory, "akkastream.runtimeconfig.json");

    (int Code, string Output, string Errors) Run(params string[] words)
    {
        var process = Start(words);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience), "the program did not end");
        Assert.DoesNotContain("   at ", errors.Result);
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Reads the block that a broker prints once it serves.</summary>
    static string Block(Process broker)
    {
        string block = "";
        while (!block.Contains("\n  node ", StringComparison.Ordinal))
        {
            string line = broker.StandardOutput.ReadLine() ?? throw new InvalidOperationException(broker.StandardError.ReadToEnd());
            block += line + "\n";
        }
        return block;
    }

    static int PortOf(string block) => int.Parse(block.Split("PLAINTEXT 127.0.0.1:")[1].Split('\n')[0]);

    static void Signal(Process process, int signal) => Process.Start("kill", ["-s", $"{signal}", $"{process.Id}"]).WaitForExit();

    string[] Server(params string[] more) =>
        ["server", "--override", "listeners=PLAINTEXT://127.0.0.1:0", "--override", $"log.dirs={_directory}/data", .. more];

    [Fact]
    public void A_broker_says_where_it_is_serves_and_stops_cleanly_when_asked()
    {
        var broker = Start(Server());
        string block = Block(broker);
        using (var client = new TcpClient()) client.Connect(IPAddress.Loopback, PortOf(block));

        Signal(broker, Term);

        string log = broker.StandardError.ReadToEnd();
        Assert.True(broker.WaitForExit(Patience));
        Assert.Equal(0, broker.ExitCode);
        Assert.EndsWith("Stopped cleanly\n", log);
        Assert.True(File.Exists(Path.Combine(_directory, "data", ".kafka_cleanshutdown")));
        Assert.Matches(@"^AkkaStream \d+\.\d+\.\d+, ready after [\d.]+ m?s\n  listeners  PLAINTEXT 127\.0\.0\.1:\d+\n  data       .*/data \(0 partitions\)\n" +
            @"  store      embedded, in .*/data\n  node       1 of cluster [A-Za-z0-9_-]{22}, process \d+\n$", block);
    }

    [Fact]
    public void A_port_in_use_and_a_directory_in_use_are_each_one_line_with_the_cure()
    {
        int port = PortOf(Block(Start(Server())));

        var samePort = Run("server", "--override", $"listeners=PLAINTEXT://127.0.0.1:{port}", "--override", $"log.dirs={_directory}/other");
        var sameDirectory = Run(Server());

        Assert.Equal((1, ""), (samePort.Code, samePort.Output));
        Assert.Equal($"akkastream: cannot start. cannot listen on 127.0.0.1:{port}: another process listens there; stop it or choose another port in 'listeners'\n",
            samePort.Errors);
        Assert.Equal((1, ""), (sameDirectory.Code, sameDirectory.Output));
        Assert.Equal($"akkastream: cannot start. The data directory {_directory}/data is in use by another broker. " +
            "Stop that one, or give this one a directory of its own in log.dirs\n", sameDirectory.Errors);
    }

    [Fact]
    public void What_cannot_be_a_directory_is_one_line_with_the_cure()
    {
        File.WriteAllText(Path.Combine(_directory, "file"), "");

        var refused = Run("server", "--override", "listeners=PLAINTEXT://127.0.0.1:0", "--override", $"log.dirs={_directory}/file/data");

        Assert.Equal(1, refused.Code);
        Assert.StartsWith($"akkastream: cannot start. The data directory {_directory}/file/data cannot be made: ", refused.Errors);
        Assert.Single(refused.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_damaged_identity_is_one_line_with_the_cure()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "data"));
        File.WriteAllText(Path.Combine(_directory, "data", "meta.properties"), "version=7\n");

        var refused = Run(Server());

        Assert.Equal(1, refused.Code);
        Assert.Contains("meta.properties cannot be used: its version is \"7\", known are 0 and 1. Restore it from a backup", refused.Errors);
    }

    [Fact]
    public void Mistakes_in_a_configuration_are_told_together_and_end_with_their_own_code()
    {
        File.WriteAllText(Path.Combine(_directory, "node.conf"), "akkastream {\n  num.partitons = 3\n  log.segment.bytes = 1\n}\n");

        var refused = Run("server", "node.conf");

        Assert.Equal(2, refused.Code);
        Assert.Equal("akkastream: the configuration cannot be used\n" +
            "  node.conf:3:23: Invalid value 1 for configuration log.segment.bytes: Value must be at least 1048576\n" +
            "  node.conf:2:19: unknown setting akkastream.num.partitons; did you mean akkastream.num.partitions?\n", refused.Errors);
    }

    [Theory]
    [InlineData("server: unknown option --port", "server", "--port", "9092")]
    [InlineData("server: two configuration files, a.conf and b.conf", "server", "a.conf", "b.conf")]
    [InlineData("server: --override needs name=value behind it", "server", "--override")]
    [InlineData("unknown command 'serve'", "serve")]
    [InlineData("nothere.conf: there is no such file; check the path", "server", "nothere.conf")]
    public void Misuse_is_told_and_ends_with_its_own_code(string message, params string[] words)
    {
        var refused = Run(words);

        Assert.Equal(2, refused.Code);
        Assert.Contains(message, refused.Errors);
    }

    [Fact]
    public void Settings_without_effect_are_explained_in_one_line_each_and_the_broker_runs()
    {
        File.WriteAllText(Path.Combine(_directory, "server.properties"),
            $"broker.id=3\nlisteners=PLAINTEXT://127.0.0.1:0\nlog.dirs={_directory}/data\nzookeeper.connect=localhost:2181\nnum.io.threads=8\n");
        var broker = Start("server", "server.properties");

        Assert.Contains("node       3 of cluster", Block(broker));

        Signal(broker, Term);
        string log = broker.StandardError.ReadToEnd();
        Assert.Equal(2, log.Split('\n').Count(line => line.Contains(" WARN ")));
        Assert.Contains("server.properties:4: zookeeper.connect was a setting of older Kafkas and has no effect: there is no ZooKeeper", log);
        Assert.Contains("server.properties:5: num.io.threads is Kafka's, and AkkaStream does not need it", log);
    }

    [Fact]
    public void A_service_manager_is_told_when_the_broker_serves_and_when_it_stops()
    {
        string path = Path.Combine(_directory, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        var broker = Start(Server(), ("NOTIFY_SOCKET", path));
        byte[] message = new byte[100];

        Assert.StartsWith("READY=1\n", Encoding.UTF8.GetString(message, 0, manager.Receive(message)));
        Signal(broker, Term);

        Assert.StartsWith("STOPPING=1\n", Encoding.UTF8.GetString(message, 0, manager.Receive(message)));
    }

    [Fact]
    public void A_second_signal_does_not_wait_for_a_client()
    {
        var broker = Start(Server("--override", "stop.patience=1h"));
        using var client = new WireClient(new IPEndPoint(IPAddress.Loopback, PortOf(Block(broker))));
        client.CreateTopic("quiet");
        client.Send(new FetchRequest
        {
            MaxWaitMs = 1_800_000, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1,
            Topics = [new FetchRequestTopic { Topic = "quiet", Partitions = [new FetchRequestPartition { PartitionMaxBytes = 1 << 20 }] }],
        }, 11);

        Signal(broker, Term);
        // Two signals at once may become one.
        while (broker.StandardError.ReadLine() is { } line && !line.Contains("Stopping", StringComparison.Ordinal)) continue;
        Signal(broker, Term);

        Assert.True(broker.WaitForExit(Patience), "the broker waits");
        Assert.Equal(0, broker.ExitCode);
    }
}
