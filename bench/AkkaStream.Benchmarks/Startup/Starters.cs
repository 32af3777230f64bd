using System.Diagnostics;
using System.Globalization;
using System.Net;
using AkkaStream.Benchmarks.Compare;

namespace AkkaStream.Benchmarks.Startup;

/// <summary>How a broker is started; whether it serves is asked over its port.</summary>
interface IStarter
{
    void Launch(string folder, IPEndPoint address);
    void ThrowIfEnded();
    int Pid(string folder);
}

/// <summary>Ours, by the script.</summary>
sealed class OurStarter(IReadOnlyList<string> overrides) : IStarter
{
    static readonly string Script = Path.Combine(CompareBench.RepositoryRoot(), "akkastream");

    readonly List<string> _errors = [];
    Process? _process;

    /// <summary>What a build costs is no part of a start.</summary>
    public static void Build()
    {
        using var process = Process.Start(Script, "version");
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException("the broker does not build");
    }

    public void Launch(string folder, IPEndPoint address)
    {
        var start = new ProcessStartInfo(Script)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        string[] words =
        [
            "server", "--override", $"listeners=PLAINTEXT://{address}", "--override", $"log.dirs={folder}",
            .. overrides.SelectMany(o => new[] { "--override", o }),
        ];
        foreach (string word in words) start.ArgumentList.Add(word);
        _process?.Dispose();
        _process = Process.Start(start) ?? throw new InvalidOperationException("akkastream does not start");
        _process.ErrorDataReceived += (_, line) => { lock (_errors) _errors.Add(line.Data ?? ""); };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public void ThrowIfEnded()
    {
        if (_process is not { HasExited: true } ended) return;
        lock (_errors) throw new InvalidOperationException($"the broker ended with {ended.ExitCode}: {string.Join('\n', _errors)}");
    }

    public int Pid(string folder) => _process?.Id ?? 0;
}

/// <summary>
/// Another broker by a script of the form SCRIPT start FOLDER --port PORT, which formats a new folder, and SCRIPT node FOLDER 1, which starts
/// it again; the process id stands in FOLDER/1/pid. What the first call needs for formatting is not measured.
/// </summary>
sealed class ScriptStarter(string script) : IStarter
{
    Process? _starting;

    public void Launch(string folder, IPEndPoint address)
    {
        bool isNew = !Directory.Exists(Path.Combine(folder, "1"));
        string[] words = isNew ? ["start", folder, "--port", address.Port.ToString(CultureInfo.InvariantCulture)] : ["node", folder, "1"];
        var start = new ProcessStartInfo(script) { RedirectStandardOutput = true };
        foreach (string word in words) start.ArgumentList.Add(word);
        _starting?.Dispose();
        _starting = Process.Start(start) ?? throw new InvalidOperationException($"{script} does not start");
    }

    public void ThrowIfEnded()
    {
        if (_starting is { HasExited: true, ExitCode: not 0 } ended) throw new InvalidOperationException($"{script} ended with {ended.ExitCode}");
    }

    public int Pid(string folder) => int.Parse(File.ReadAllText(PidFile(folder)), CultureInfo.InvariantCulture);

    static string PidFile(string folder) => Path.Combine(folder, "1", "pid");
}
