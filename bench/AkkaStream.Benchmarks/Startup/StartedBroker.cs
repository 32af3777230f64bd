using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Benchmarks.Startup;

/// <summary>The broker as a user starts it: by the script, in a process of its own, on a folder that is thrown away.</summary>
sealed class StartedBroker(IPEndPoint address, string folder, TimeSpan idle, IReadOnlyList<string> overrides)
{
    const int PartitionsOfTopic = 100;
    const int Term = 15;

    static readonly string Script = Path.Combine(FindRoot(), "akkastream");

    static string FindRoot()
    {
        string? dir = AppContext.BaseDirectory;
        while (dir is not null && !File.Exists(Path.Combine(dir, "AkkaStream.sln"))) dir = Path.GetDirectoryName(dir);
        return dir ?? throw new DirectoryNotFoundException("this benchmark runs in a checkout");
    }

    /// <summary>What a build costs is no part of a start.</summary>
    public void Build()
    {
        using var process = Process.Start(Script, "version");
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException("the broker does not build");
    }

    public void Forget()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    public StartFigures StartAndStop(bool kill)
    {
        using var process = Start(out double readyMs);
        double cpuMs = ProcStat.CpuSeconds(process.Id) * 1000;
        Thread.Sleep(idle);
        var figures = new StartFigures(readyMs, cpuMs, ProcStat.ResidentBytes(process.Id) / 1048576.0, ProcStat.OwnBytes(process.Id) / 1048576.0,
            Directory.GetDirectories($"/proc/{process.Id}/task").Length);
        Stop(process, kill);
        return figures;
    }

    /// <summary>Leaves the folder as a killed broker leaves it.</summary>
    public void StopByKill()
    {
        using var process = Start(out _);
        Stop(process, kill: true);
    }

    /// <summary>Makes topics and writes one batch to each partition.</summary>
    public void Fill(int partitions)
    {
        using var process = Start(out _);
        using (var client = new RawClient(address))
        {
            for (int topic = 0; topic * PartitionsOfTopic < partitions; topic++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"topic-{topic}");
                int count = Math.Min(PartitionsOfTopic, partitions - topic * PartitionsOfTopic);
                Make(client, name, count);
                Write(client, name, count);
            }
        }
        Stop(process, kill: false);
    }

    static void Make(RawClient client, string name, int partitions)
    {
        var answer = client.Ask(new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequestTopic { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }],
            TimeoutMs = 60_000,
        }, 5);
        if (answer.Topics[0].ErrorCode != ErrorCode.None)
            throw new InvalidOperationException($"creating {name}: {answer.Topics[0].ErrorCode} {answer.Topics[0].ErrorMessage}");
    }

    static void Write(RawClient client, string name, int partitions)
    {
        var builder = new RecordBatchBuilder();
        for (int i = 0; i < 10; i++) builder.Append(1_700_000_000_000, default, new byte[100]);
        byte[] batch = builder.ToArray();
        var answer = client.Ask(new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 60_000,
            TopicData =
            [
                new ProduceRequestTopic
                {
                    Name = name,
                    PartitionData = [.. Enumerable.Range(0, partitions).Select(p => new ProduceRequestPartition { Index = p, Records = batch })],
                },
            ],
        }, 9);
        if (answer.Responses[0].PartitionResponses.FirstOrDefault(p => p.ErrorCode != ErrorCode.None) is { } failed)
            throw new InvalidOperationException($"writing to {name}-{failed.Index}: {failed.ErrorCode} {failed.ErrorMessage}");
    }

    Process Start(out double readyMs)
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
        long began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        var errors = new List<string>();
        process.ErrorDataReceived += (_, line) => { lock (errors) errors.Add(line.Data ?? ""); };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        while (!Answers())
        {
            if (!process.HasExited) continue;
            lock (errors) throw new InvalidOperationException($"the broker ended with {process.ExitCode}: {string.Join('\n', errors)}");
        }
        readyMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process;
    }

    bool Answers()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
        }
        catch (SocketException)
        {
            socket.Dispose();
            Thread.Sleep(1);
            return false;
        }
        using var client = new RawClient(socket);
        client.Ask(new ApiVersionsRequest { ClientSoftwareName = "bench", ClientSoftwareVersion = "1" }, 3);
        return client.Ask(new MetadataRequest { Topics = [] }, 8).Brokers.Length > 0;
    }

    static void Stop(Process process, bool kill)
    {
        if (kill) process.Kill();
        else Process.Start("kill", ["-s", Term.ToString(CultureInfo.InvariantCulture), process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        process.WaitForExit();
        if (!kill && process.ExitCode != 0) throw new InvalidOperationException($"the broker did not stop cleanly: {process.ExitCode}");
    }
}
