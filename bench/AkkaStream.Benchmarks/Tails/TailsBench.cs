using System.Globalization;
using AkkaStream.Benchmarks.Compare;
using AkkaStream.Benchmarks.Load;

namespace AkkaStream.Benchmarks.Tails;

/// <summary>
/// A steady load (5,000 records of 1 KB a second, acks=all) while one thing after the other disturbs it. What counts is how many times its
/// quiet value each percentile becomes.
/// </summary>
static class TailsBench
{
    const int PerSecond = 5_000;

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (int i = 0; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
        if (args.Length % 2 != 0 || options.Keys.Any(k => k is not ("port" or "seconds" or "only" or "rounds")))
        {
            Console.WriteLine("usage: bench tails [--port N] [--seconds N] [--rounds N] [--only TEXT]");
            return 2;
        }
        int Option(string name, int otherwise) => options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        int seconds = Option("seconds", 10), rounds = Option("rounds", 3);
        // Retention and the cleaner look around often, so that what they do falls into the measured time.
        using var broker = OurBroker.Start(CompareBench.RepositoryRoot(), Option("port", 19_193),
            "log.retention.check.interval.ms=1000", "log.cleaner.backoff.ms=1000");
        var address = broker.Target.Address;
        Console.WriteLine($"{"",-44}{"p50 ms",9}{"p99 ms",9}{"p99.9 ms",10}{"",4}times quiet: {"p50",6}{"p99",8}{"p99.9",8}");
        foreach (var disturbance in Disturbances.All(broker))
        {
            if (options.TryGetValue("only", out string? only) && !disturbance.Name.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
            disturbance.Prepare();
            var quiet = new List<double[]>();
            var disturbed = new List<double[]>();
            var twin = new List<double[]>();
            for (int round = 0; round < rounds; round++)
            {
                quiet.Add(Steady(address, seconds, null, disturbance.TopicConfigs));
                disturbed.Add(Steady(address, seconds, disturbance.Run, disturbance.TopicConfigs));
                if (disturbance.Twin is { } run) twin.Add(Steady(address, seconds, run, disturbance.TopicConfigs));
            }
            Print("quiet", Medians(quiet), null);
            Print(disturbance.Name, Medians(disturbed), Ratios(disturbed, quiet));
            if (twin.Count > 0) Print("  the same of a bare server", Medians(twin), Ratios(twin, quiet));
        }
        return 0;
    }

    static double[] Steady(System.Net.IPEndPoint address, int seconds, Action<CancellationToken>? disturb, (string, string)[] configs)
    {
        using var admin = new RawClient(address);
        string topic = LoadBench.NewTopic(admin, 4, disturb is null ? [] : configs);
        byte[] batch = ReadyRequests.Batch(1_000, 1);
        List<Traffic> traffic = [.. Enumerable.Range(0, 4).Select(i => new ProduceTraffic(topic, i, batch, 1))];
        using var load = new LoadLoop(address, traffic, 1);
        load.RunAtRate(PerSecond, 1); // not counted
        using var stop = new CancellationTokenSource();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try { disturb?.Invoke(stop.Token); }
            catch (Exception e) { failure = e; }
        });
        thread.Start();
        var latencies = load.RunAtRate(PerSecond, seconds);
        stop.Cancel();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException("what should disturb failed", failure);
        admin.DeleteTopic(topic);
        latencies.Sort();
        double At(double part) => latencies[Math.Min(latencies.Count - 1, (int)(latencies.Count * part))] / 1e3;
        return [At(0.5), At(0.99), At(0.999)];
    }

    static double[] Medians(List<double[]> rounds) => [.. Enumerable.Range(0, 3).Select(i => rounds.Select(r => r[i]).Order().ElementAt(rounds.Count / 2))];

    /// <summary>The median of the rounds' ratios: each is taken of neighbours, for the machine changes from minute to minute.</summary>
    static double[] Ratios(List<double[]> rounds, List<double[]> quiet) => Medians([.. rounds.Zip(quiet, (r, q) => new[] { r[0] / q[0], r[1] / q[1], r[2] / q[2] })]);

    static void Print(string name, double[] values, double[]? ratios) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-44}{values[0],9:0.000}{values[1],9:0.000}{values[2],10:0.000}") + (ratios is null ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{"",17}{ratios[0],6:0.0}{ratios[1],8:0.0}{ratios[2],8:0.0}")));
}
