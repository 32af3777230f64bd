using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace AkkaStream.Benchmarks.Startup;

/// <summary>
/// From the call of ./akkastream (wrapper included) to the first answer to ApiVersions and Metadata, and what an idle broker takes: empty,
/// and with many partitions that hold data, after a clean stop and after kill -9. A row is the median of its rounds; the best is beside it,
/// because others on the machine only ever make a start slower. With a peer both take turns, state by state.
/// </summary>
static class StartupBench
{
    const string Usage = """
        usage: bench startup [--port N] [--dir FOLDER] [--rounds N] [--partitions N,N] [--wait SECONDS] [--large MB] [--peer SCRIPT] [--override NAME=VALUE]...
          --large   so much is written to one partition right before each kill -9
          --peer    another broker: SCRIPT start FOLDER --port PORT, SCRIPT node FOLDER 1, its process id in FOLDER/1/pid
        """;

    public static int Run(string[] arguments)
    {
        int port = 20_290, rounds = 5;
        double idle = 2;
        long large = 0;
        string folder = Path.Combine(Path.GetTempPath(), $"akkastream-startup-{Environment.ProcessId}");
        int[] sizes = [1_000, 10_000];
        string? peer = null;
        var overrides = new List<string>();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length) return Help();
            string value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--port": port = Number(value); break;
                case "--dir": folder = value; break;
                case "--rounds": rounds = Number(value); break;
                case "--wait": idle = double.Parse(value, CultureInfo.InvariantCulture); break;
                case "--partitions": sizes = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)]; break;
                case "--large": large = Number(value) * 1_000_000L; break;
                case "--peer": peer = value; break;
                case "--override": overrides.Add(value); break;
                default: return Help();
            }
        }
        StartedBroker Broker(string name, int at, IStarter starter) =>
            new(new IPEndPoint(IPAddress.Loopback, at), Path.Combine(folder, name), TimeSpan.FromSeconds(idle), starter);
        OurStarter.Build();
        List<StartedBroker> brokers = [Broker("ours", port, new OurStarter(overrides))];
        if (peer is not null) brokers.Add(Broker("peer", port + 1, new ScriptStarter(peer)));
        Directory.CreateDirectory(folder);
        try
        {
            Title();
            Measure(brokers, "empty, first start", 1, () => brokers.ForEach(b => b.Forget()), kill: false);
            Measure(brokers, "empty", rounds, null, kill: false);
            foreach (int partitions in sizes) WithPartitions(brokers, partitions, rounds, large);
            return 0;
        }
        finally
        {
            brokers.ForEach(b => b.End());
            Directory.Delete(folder, recursive: true);
        }
    }

    static int Help()
    {
        Console.WriteLine(Usage);
        return 2;
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    static void WithPartitions(List<StartedBroker> brokers, int partitions, int rounds, long large)
    {
        foreach (var broker in brokers)
        {
            broker.Forget();
            long before = Stopwatch.GetTimestamp();
            broker.Fill(partitions);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  ({partitions} partitions made and written to in {Stopwatch.GetElapsedTime(before).TotalSeconds:0.0} s)"));
        }
        Measure(brokers, $"{partitions} partitions, after a clean stop", rounds, null, kill: false);
        Measure(brokers, $"{partitions} partitions, after kill -9", rounds, () => brokers.ForEach(b => b.StopByKill(large)), kill: true);
    }

    static void Title()
    {
        Console.WriteLine();
        Console.WriteLine($"  {"",-40}{"ready ms",10}{"best",8}{"cpu ms",9}{"idle MB",9}{"own MB",8}{"threads",9}{"idle cpu %",12}");
    }

    static void Measure(List<StartedBroker> brokers, string name, int rounds, Action? before, bool kill)
    {
        var starts = brokers.ConvertAll(_ => new List<StartFigures>());
        for (int round = 0; round < rounds; round++)
        {
            before?.Invoke();
            for (int i = 0; i < brokers.Count; i++) starts[i].Add(brokers[i].StartAndStop(kill));
        }
        for (int i = 0; i < brokers.Count; i++) Print(i == 0 ? name : "  the peer", starts[i]);
        if (brokers.Count > 1) PrintRatios(starts[0], starts[1]);
    }

    static void Print(string name, List<StartFigures> starts) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"  {name,-40}{Median(starts, s => s.ReadyMs),10:0}{starts.Min(s => s.ReadyMs),8:0}{Median(starts, s => s.CpuMs),9:0}" +
        $"{Median(starts, s => s.ResidentMb),9:0.0}{Median(starts, s => s.OwnMb),8:0.0}{Median(starts, s => s.Threads),9:0}{Median(starts, s => s.IdleCpu),12:0.00}"));

    static void PrintRatios(List<StartFigures> ours, List<StartFigures> peers)
    {
        double Ratio(Func<StartFigures, double> of) => Median(ours, of) / Math.Max(Median(peers, of), 1e-9);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {"  ratio",-40}{Ratio(s => s.ReadyMs),10:0.000}{"",8}{Ratio(s => s.CpuMs),9:0.000}{Ratio(s => s.ResidentMb),9:0.000}{Ratio(s => s.OwnMb),8:0.000}{"",9}{Ratio(s => s.IdleCpu),12:0.000}"));
    }

    static double Median(List<StartFigures> starts, Func<StartFigures, double> of)
    {
        double[] sorted = [.. starts.Select(of).Order()];
        return sorted[sorted.Length / 2];
    }
}

/// <summary>One start: until the first answer, processor time until then, memory, threads and processor use once nothing happens any more.</summary>
sealed record StartFigures(double ReadyMs, double CpuMs, double ResidentMb, double OwnMb, double Threads, double IdleCpu);
