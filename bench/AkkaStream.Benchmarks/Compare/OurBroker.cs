using System.Diagnostics;
using System.Net;
using AkkaStream.Benchmarks.Load;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>Our broker as a user starts it: the wrapper, a release build, default settings, data in a new folder.</summary>
sealed class OurBroker : IDisposable
{
    readonly Process _process;
    readonly string _directory;

    OurBroker(Process process, string directory, Target target)
    {
        _process = process;
        _directory = directory;
        Target = target;
    }

    public Target Target { get; }

    public string Directory => _directory;

    public static OurBroker Start(string root, int port, params string[] overrides)
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("akkastream-bench-").FullName;
        var start = new ProcessStartInfo(Path.Combine(root, "akkastream")) { RedirectStandardOutput = true };
        foreach (string arg in (string[])["server", "--override", $"listeners=PLAINTEXT://127.0.0.1:{port}", "--override", $"log.dirs={directory}"])
            start.ArgumentList.Add(arg);
        foreach (string setting in overrides)
        {
            start.ArgumentList.Add("--override");
            start.ArgumentList.Add(setting);
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException("akkastream does not start");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var address = new IPEndPoint(IPAddress.Loopback, port);
        var patience = Stopwatch.StartNew();
        while (!Answers(address))
        {
            if (process.HasExited) throw new InvalidOperationException($"akkastream ended with {process.ExitCode}");
            if (patience.Elapsed > TimeSpan.FromMinutes(5)) throw new InvalidOperationException("akkastream does not answer");
            Thread.Sleep(20);
        }
        return new OurBroker(process, directory, new Target("ours", address, process.Id));
    }

    static bool Answers(IPEndPoint address)
    {
        try
        {
            using var client = new RawClient(address);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        System.IO.Directory.Delete(_directory, recursive: true);
    }
}
