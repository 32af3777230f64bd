using AkkaStream.Benchmarks.Bare;
using AkkaStream.Benchmarks.Load;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>Rows whose load is ready-made requests: closed loops for cost, open loops for latency.</summary>
static class RawRows
{
    public static IEnumerable<Row> All =>
    [
        Produce("produce-16k", "produce, 16 KB batches, 4 connections x 4 in flight", new Metric("cpu", "s/GB", 0.30), m => m.CpuPerGb) with
        {
            Floor = () => OfBareProduce(16_384, 40_000),
        },
        Produce("produce-900k", "produce, 900 KB batches, 4 connections x 4 in flight", new Metric("cpu", "s/GB", 0.35), m => m.CpuPerGb) with
        {
            Floor = () => OfBareProduce(900_000, 2_000),
        },
        Produce("produce-100b", "produce, one record of 100 B, 4 connections x 8 in flight", new Metric("cpu", "us/request", 0.30), m => m.MicrosPerRequest),
        Produce("produce-64x16x100", "produce, 16 records of 100 B, 64 connections", new Metric("cpu", "s/M records", 0.35), m => m.CpuPerMillionRecords),
        Fetch("fetch-16k", "fetch of cached data, 1 MiB a request, stored as 16 KB batches") with { Floor = () => OfBareFetch(16_384) },
        Fetch("fetch-900k", "fetch of cached data, 1 MiB a request, stored as 900 KB batches") with { Floor = () => OfBareFetch(900_000) },
        Produce("follow-16k", "produce, 16 KB batches, while as many consumers follow", new Metric("cpu", "s/GB", 0.35), m => m.CpuPerGb, withLimit: false),
        Latency(1_000), Latency(5_000),
        EndToEnd(1_000), EndToEnd(5_000),
        CpuAtRate(1_000),
    ];

    static Row Produce(string name, string about, Metric cpu, Func<Measured, double> value, bool withLimit = true) =>
        new(name, about, [cpu, new Metric("throughput", "MB/s", 2, MoreIsBetter: true)], (target, size) =>
        {
            var m = LoadBench.Rows.First(r => r.Name == name).Run(target.Address, target.Pid, size);
            double frame = (double)m.Bytes / m.Requests;
            double limit = !withLimit ? 0 : LimitLine.ProduceSecondsPerGb(frame) * (value(m) / m.CpuPerGb);
            return new Sample([value(m), m.MbPerSecond], limit, $"frames of {frame:0} B");
        });

    static Row Fetch(string name, string about) =>
        new(name, about, [new Metric("cpu", "s/GB", 0.70), new Metric("throughput", "MB/s", 1.3, MoreIsBetter: true)], (target, size) =>
        {
            var m = LoadBench.Rows.First(r => r.Name == name).Run(target.Address, target.Pid, size);
            double response = (double)m.Bytes / m.Requests;
            return new Sample([m.CpuPerGb, m.MbPerSecond], LimitLine.FetchSecondsPerGb(response), $"responses of {response:0} B");
        });

    static Metric[] Percentiles(double p50, double p99, double p999) =>
        [new("p50", "ms", p50), new("p99", "ms", p99), new("p99.9", "ms", p999)];

    static Row Latency(int perSecond) => new(
        $"latency-{perSecond}", $"produce of one record of 1 KB, acks=all, {perSecond} a second over 4 connections", Percentiles(0.8, 0.4, 0.3),
        (target, size) => new Sample(AtRate(target, perSecond, 6 * size, follow: false).Percentiles))
        {
            Floor = () => OfBareServer(perSecond, 6),
        };

    static Row EndToEnd(int perSecond) => new(
        $"end-to-end-{perSecond}", $"from write to read, records of 1 KB, {perSecond} a second", Percentiles(1, 0.4, 0.3),
        (target, size) => new Sample(AtRate(target, perSecond, 6 * size, follow: true).Percentiles));

    static Row CpuAtRate(int perSecond) => new(
        $"cpu-at-{perSecond}", $"records of 1 KB, {perSecond} a second", [new Metric("cpu", "us/record", 0.4)],
        (target, size) => new Sample([AtRate(target, perSecond, 6 * size, follow: false).CpuMicros]));

    static (double[] Percentiles, double CpuMicros) AtRate(Target target, int perSecond, double seconds, bool follow)
    {
        using var admin = new RawClient(target.Address);
        int connections = follow ? 1 : 4;
        string topic = LoadBench.NewTopic(admin, connections);
        byte[] batch = ReadyRequests.Batch(1_000, 1);
        var schedule = new List<long>();
        List<Traffic> traffic = [.. Enumerable.Range(0, connections).Select(i => new ProduceTraffic(topic, i, batch, 1) { Schedule = follow ? schedule : null })];
        FollowTraffic? follower = follow ? new FollowTraffic(topic, 0, batch.Length, schedule) : null;
        if (follower is not null) traffic.Add(follower);
        using var load = new LoadLoop(target.Address, traffic, 1);
        load.RunAtRate(perSecond, 1); // not counted
        follower?.TakeLatencies();
        double cpu = ProcStat.CpuSeconds(target.Pid);
        var latencies = load.RunAtRate(perSecond, seconds);
        cpu = ProcStat.CpuSeconds(target.Pid) - cpu;
        var counted = follower?.TakeLatencies() ?? latencies;
        admin.DeleteTopic(topic);
        return (PercentilesOf(counted), cpu * 1e6 / latencies.Count);
    }

    /// <summary>The same load upon a process that only reads and answers: how late the machine itself is.</summary>
    static double[] OfBareServer(int perSecond, double seconds)
    {
        const int AnswerBytes = 60;
        byte[] request = ReadyRequests.Produce("bare", 0, ReadyRequests.Batch(1_000, 1));
        using var bare = BareServer.Answering(AnswerBytes, request.Length);
        var traffic = Enumerable.Range(0, 4).Select(_ => (Traffic)new AskingTraffic((request, AnswerBytes - 4))).ToList();
        using var load = new LoadLoop(bare.Address, traffic, 1);
        load.RunAtRate(perSecond, 1); // not counted
        return PercentilesOf(load.RunAtRate(perSecond, seconds));
    }

    /// <summary>The same load upon a process that only receives, checks and writes.</summary>
    static double[] OfBareProduce(int batchBytes, int requests)
    {
        const int Connections = 4, AnswerBytes = 60;
        byte[] request = ReadyRequests.Produce("bare", 0, ReadyRequests.BatchOfSize(batchBytes));
        // Room for a connection that gets ahead of the others: twice its share.
        using var bare = BareServer.Keeping(request.Length, 2L * requests * request.Length / Connections, AnswerBytes);
        var m = OfBareLoad(bare, request, AnswerBytes, Connections, inFlight: 4, requests, load => load.BytesSent);
        return [m.CpuPerGb, m.MbPerSecond];
    }

    /// <summary>The same load upon a process that only reads requests and sends from the page cache.</summary>
    static double[] OfBareFetch(int writtenIn)
    {
        const int Requests = 6_000, AnswerBytes = 1 << 20;
        byte[] request = ReadyRequests.Fetch("bare", 0, AnswerBytes, 500, 1).Frame;
        using var bare = BareServer.Sending(request.Length, AnswerBytes, writtenIn);
        var m = OfBareLoad(bare, request, AnswerBytes, connections: 4, inFlight: 1, Requests, load => load.BytesReceived);
        return [m.CpuPerGb, m.MbPerSecond];
    }

    static Measured OfBareLoad(
        BareServer bare, byte[] request, int answerBytes, int connections, int inFlight, int requests, Func<LoadLoop, long> bytes)
    {
        var traffic = Enumerable.Range(0, connections).Select(_ => (Traffic)new AskingTraffic((request, answerBytes - 4))).ToList();
        using var load = new LoadLoop(bare.Address, traffic, inFlight);
        load.Run(requests / 5); // not counted
        return LoadBench.Measure(bare.Pid, load, traffic, () => load.Run(requests), () => bytes(load));
    }

    static double[] PercentilesOf(List<double> micros)
    {
        micros.Sort();
        double At(double part) => micros[Math.Min(micros.Count - 1, (int)(micros.Count * part))] / 1e3;
        return [At(0.5), At(0.99), At(0.999)];
    }
}
