using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Benchmarks.Startup;

/// <summary>A broker as a user starts it, in a process of its own, on a folder that is thrown away.</summary>
sealed class StartedBroker(IPEndPoint address, string folder, TimeSpan idle, IStarter starter)
{
    const int PartitionsOfTopic = 100;
    const int Term = 15;

    /// <summary>What a broker still does once it has answered (compiling, checkpoints) is no part of its idling.</summary>
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public void Forget()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    public StartFigures StartAndStop(bool kill)
    {
        int pid = Start(out double readyMs);
        double cpuMs = ProcStat.CpuSeconds(pid) * 1000;
        Thread.Sleep(Settling);
        double before = ProcStat.CpuSeconds(pid);
        Thread.Sleep(idle);
        var figures = new StartFigures(readyMs, cpuMs, ProcStat.ResidentBytes(pid) / 1048576.0, ProcStat.OwnBytes(pid) / 1048576.0,
            Directory.GetDirectories($"/proc/{pid}/task").Length, (ProcStat.CpuSeconds(pid) - before) / idle.TotalSeconds * 100);
        Stop(pid, kill);
        return figures;
    }

    /// <summary>Leaves the folder as a killed broker leaves it, with so much written just before into one more topic.</summary>
    public void StopByKill(long written)
    {
        int pid = Start(out _);
        if (written > 0)
        {
            byte[] batch = ReadyRequests.BatchOfSize(900_000);
            string topic = string.Create(CultureInfo.InvariantCulture, $"large-{_large++}");
            using (var admin = new RawClient(address)) admin.CreateTopic(topic, 1);
            using var load = new LoadLoop(address, [new ProduceTraffic(topic, 0, batch, 1)], 4);
            load.Run(written / batch.Length);
        }
        Stop(pid, kill: true);
    }

    int _large;
    int _running;

    /// <summary>Makes topics and writes one batch to each partition.</summary>
    public void Fill(int partitions)
    {
        int pid = Start(out _);
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
        Stop(pid, kill: false);
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
        var request = new ProduceRequest
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
        };
        // A broker may tell of a topic before it leads it.
        while (client.Ask(request, 9).Responses[0].PartitionResponses.FirstOrDefault(p => p.ErrorCode != ErrorCode.None) is { } failed)
        {
            if (failed.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.UnknownTopicOrPartition)) throw new InvalidOperationException($"writing to {name}-{failed.Index}: {failed.ErrorCode}");
            Thread.Sleep(20);
        }
    }

    int Start(out double readyMs)
    {
        long began = Stopwatch.GetTimestamp();
        starter.Launch(folder, address);
        while (!Answers()) starter.ThrowIfEnded();
        readyMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        _running = starter.Pid(folder);
        return _running;
    }

    /// <summary>No broker outlives a measurement that failed.</summary>
    public void End()
    {
        if (_running != 0) Stop(_running, kill: true);
        Forget();
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

    void Stop(int pid, bool kill)
    {
        _running = 0;
        using var signal = Process.Start("kill", ["-s", (kill ? 9 : Term).ToString(CultureInfo.InvariantCulture), pid.ToString(CultureInfo.InvariantCulture)]);
        signal.WaitForExit();
        while (IsAlive(pid)) Thread.Sleep(5);
    }

    static bool IsAlive(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            // The first thread may be gone while others still hold the port.
            return stat[stat.LastIndexOf(')') + 2] != 'Z' || Directory.GetDirectories($"/proc/{pid}/task").Length > 1;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
