using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace AkkaStream.Benchmarks.Load;

/// <summary>What a row measured on one broker.</summary>
sealed record Measured(double CpuSeconds, double Seconds, long Requests, long Bytes, long Records)
{
    public double CpuPerGb => CpuSeconds / (Bytes / 1e9);
    public double MicrosPerRequest => CpuSeconds * 1e6 / Requests;
    public double CpuPerMillionRecords => CpuSeconds / (Records / 1e6);
    public double MbPerSecond => Bytes / 1e6 / Seconds;
}

/// <summary>The raw loads: ready-made requests against one broker.</summary>
static class LoadBench
{
    static int s_topics;

    public static readonly (string Name, Func<IPEndPoint, int, double, Measured> Run)[] Rows =
    [
        ("produce-16k", (a, p, s) => Produce(a, p, ReadyRequests.BatchOfSize(16_384), connections: 4, inFlight: 4, partitions: 4, (long)(40_000 * s))),
        ("produce-900k", (a, p, s) => Produce(a, p, ReadyRequests.BatchOfSize(900_000), connections: 4, inFlight: 4, partitions: 4, (long)(2_000 * s))),
        ("produce-100b", (a, p, s) => Produce(a, p, ReadyRequests.Batch(100, 1), connections: 4, inFlight: 8, partitions: 4, (long)(200_000 * s))),
        ("produce-64x16x100", (a, p, s) => Produce(a, p, ReadyRequests.Batch(100, 16), connections: 64, inFlight: 4, partitions: 16, (long)(100_000 * s))),
        ("fetch-16k", (a, p, s) => Fetch(a, p, ReadyRequests.BatchOfSize(16_384), 1 << 20, (long)(6_000 * s))),
        ("fetch-900k", (a, p, s) => Fetch(a, p, ReadyRequests.BatchOfSize(900_000), 1 << 20, (long)(6_000 * s))),
        ("follow-16k", (a, p, s) => Follow(a, p, ReadyRequests.BatchOfSize(16_384), partitions: 4, (long)(30_000 * s))),
        ("follow-64x16k", (a, p, s) => Follow(a, p, ReadyRequests.BatchOfSize(16_384), partitions: 64, (long)(30_000 * s))),
    ];

    public static int Run(string[] args)
    {
        if (args is not [var where, var pidText, .. var rest] || !IPEndPoint.TryParse(where, out var address) || !int.TryParse(pidText, out int pid))
        {
            Console.WriteLine("usage: bench load HOST:PORT PID [ROW ...] [--size FACTOR]");
            return 2;
        }
        double size = 1;
        var only = new List<string>();
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] == "--size") size = double.Parse(rest[++i], CultureInfo.InvariantCulture);
            else only.Add(rest[i]);
        }
        foreach (var (name, run) in Rows)
        {
            if (only.Count > 0 && !only.Contains(name)) continue;
            var m = run(address, pid, size);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-18} cpu {m.CpuPerGb,8:0.000} s/GB  {m.MicrosPerRequest,8:0.00} us/req  {m.CpuPerMillionRecords,7:0.000} s/M records  {m.MbPerSecond,8:0} MB/s  {m.Requests / m.Seconds,9:0} req/s  cores {m.CpuSeconds / m.Seconds:0.00}  rss {ProcStat.ResidentBytes(pid) >> 20} MB"));
        }
        return 0;
    }

    public static string NewTopic(RawClient admin, int partitions, params (string, string)[] configs)
    {
        string topic = $"bench-{Environment.ProcessId}-{s_topics++}";
        admin.CreateTopic(topic, partitions, [("file.delete.delay.ms", "1000"), .. configs]);
        return topic;
    }

    static Measured Produce(IPEndPoint address, int pid, byte[] batch, int connections, int inFlight, int partitions, long requests)
    {
        using var admin = new RawClient(address);
        string topic = NewTopic(admin, partitions);
        int records = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(57));
        var traffic = Enumerable.Range(0, connections).Select(i => (Traffic)new ProduceTraffic(topic, i % partitions, batch, records)).ToList();
        using var load = new LoadLoop(address, traffic, inFlight);
        load.Run(requests / 5); // warm-up, not counted
        var measured = Measure(pid, load, traffic, () => load.Run(requests), () => load.BytesSent);
        admin.DeleteTopic(topic);
        return measured;
    }

    static Measured Fetch(IPEndPoint address, int pid, byte[] batch, int maxBytes, long requests)
    {
        const int Partitions = 4;
        const long StoredPerPartition = 64 << 20;
        using var admin = new RawClient(address);
        string topic = NewTopic(admin, Partitions);
        int records = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(57));
        long batches = StoredPerPartition / batch.Length;
        var fill = Enumerable.Range(0, Partitions).Select(i => (Traffic)new ProduceTraffic(topic, i, batch, records)).ToList();
        using (var load = new LoadLoop(address, fill, 4)) load.Run(batches * Partitions);
        long end = fill.Min(f => f.Records);
        var traffic = Enumerable.Range(0, Partitions).Select(i => (Traffic)new FetchTraffic(topic, i, batch.Length, records, end, maxBytes)).ToList();
        using var reading = new LoadLoop(address, traffic, 1);
        reading.Run(requests / 5);
        var measured = Measure(pid, reading, traffic, () => reading.Run(requests), () => reading.BytesReceived);
        admin.DeleteTopic(topic);
        return measured;
    }

    /// <summary>As many consumers as producers, each at the heels of its own.</summary>
    static Measured Follow(IPEndPoint address, int pid, byte[] batch, int partitions, long requests)
    {
        using var admin = new RawClient(address);
        string topic = NewTopic(admin, partitions);
        int records = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(57));
        var producers = Enumerable.Range(0, partitions).Select(i => (Traffic)new ProduceTraffic(topic, i, batch, records)).ToList();
        var consumers = Enumerable.Range(0, partitions).Select(i => (Traffic)new FetchTraffic(topic, i, batch.Length, records, long.MaxValue, 1 << 20)).ToList();
        using var produce = new LoadLoop(address, producers, 4);
        using var follow = new LoadLoop(address, consumers, 1);
        bool ended = false;
        var following = new Thread(() =>
        {
            while (!Volatile.Read(ref ended)) follow.Run(20);
        });
        following.Start();
        produce.Run(requests / 5);
        var measured = Measure(pid, produce, producers, () => produce.Run(requests), () => produce.BytesSent);
        Volatile.Write(ref ended, true);
        following.Join();
        admin.DeleteTopic(topic);
        return measured;
    }

    public static Measured Measure(int pid, LoadLoop load, List<Traffic> traffic, Action run, Func<long> bytes)
    {
        long before = bytes(), answers = load.Answers, records = traffic.Sum(t => t.Records);
        double cpu = ProcStat.CpuSeconds(pid);
        var clock = Stopwatch.StartNew();
        run();
        double seconds = clock.Elapsed.TotalSeconds;
        return new Measured(ProcStat.CpuSeconds(pid) - cpu, seconds, load.Answers - answers, bytes() - before, traffic.Sum(t => t.Records) - records);
    }
}
