using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace AkkaStream.TestKit.Processes;

/// <summary>
/// A broker as users run it: the akkastream program in a process of its own, on a free port, with its data in a folder that is deleted in
/// the end. It may be stopped, killed and started again on the same data and port. The test project that uses it refers to the server's
/// project, so the program lies beside the tests.
/// </summary>
public sealed partial class BrokerProcess : IAsyncDisposable
{
    const int SigTerm = 15;

    const int MostStarts = 10;
    const string PortTaken = "cannot listen on";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string _folder = Directory.CreateTempSubdirectory("akkastream-broker-").FullName;
    readonly IReadOnlyDictionary<string, string> _properties;
    readonly List<string> _output = [];
    Process? _process;
    bool _isKept;

    BrokerProcess(IReadOnlyDictionary<string, string> properties) => _properties = properties;

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    public string Servers => Address.ToString();

    public string DataFolder => Path.Combine(_folder, "data");

    public int ProcessId => _process?.Id ?? -1;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What the program has said, for the message of a failing test.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output.TakeLast(200));
        }
    }

    /// <summary>Bytes of memory that the system counts for the process.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{ProcessId}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line["VmRSS:".Length..].Replace("kB", "").Trim()) * 1024;
        }
    }

    /// <param name="properties">Settings by Kafka's names.</param>
    public static async Task<BrokerProcess> StartAsync(IReadOnlyDictionary<string, string>? properties = null)
    {
        var broker = new BrokerProcess(properties ?? new Dictionary<string, string>());
        try
        {
            await broker.StartAgainAsync().ConfigureAwait(false);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>After a stop or kill: the same data, the same port.</summary>
    public async Task StartAgainAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await StartOnceAsync().ConfigureAwait(false);
                return;
            }
            catch (TestFailedException) when (attempt < MostStarts && Output.Contains(PortTaken, StringComparison.Ordinal))
            {
                // While nobody listened there, the system lent the port to somebody's outgoing connection.
                lock (_output) _output.Clear();
            }
        }
    }

    async Task StartOnceAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "akkastream"))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        start.ArgumentList.Add("server");
        Override(start, "listeners", $"PLAINTEXT://{Address}");
        Override(start, "log.dirs", DataFolder);
        foreach (var (name, value) in _properties) Override(start, name, value);
        var listens = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Said(line.Data, listens);
        _process.ErrorDataReceived += (_, line) => Said(line.Data, listens);
        _process.Exited += (_, _) => listens.TrySetException(new TestFailedException("the broker ended before it listened"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            Address = await listens.Task.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is TestFailedException or TimeoutException)
        {
            throw new TestFailedException($"the broker does not start: {failure.Message}\n{Output}", failure);
        }
    }

    static void Override(ProcessStartInfo start, string name, string value)
    {
        start.ArgumentList.Add("--override");
        start.ArgumentList.Add($"{name}={value}");
    }

    void Said(string? line, TaskCompletionSource<IPEndPoint> listens)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
        if (Listening().Match(line) is { Success: true } match) listens.TrySetResult(IPEndPoint.Parse(match.Groups[1].Value));
    }

    [GeneratedRegex(@"^\s*listeners\s+PLAINTEXT (127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    /// <summary>kill -9: nothing is written, nothing is closed.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await EndedAsync().ConfigureAwait(false);
    }

    /// <summary>A clean stop, as a service manager asks for it. It must end by itself, with status 0.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        _ = SendSignal(_process.Id, SigTerm);
        await EndedAsync().ConfigureAwait(false);
        if (_process.ExitCode != 0) throw new TestFailedException($"the broker ended with status {_process.ExitCode}\n{Output}");
    }

    async Task EndedAsync()
    {
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new TestFailedException($"the broker does not end within {Patience.TotalSeconds} s\n{Output}", late);
        }
    }

    /// <summary>For whoever looks into a failure: the folder is not deleted in the end.</summary>
    public string KeepData()
    {
        _isKept = true;
        return _folder;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync().ConfigureAwait(false);
        _process?.Dispose();
        if (!_isKept) Directory.Delete(_folder, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
