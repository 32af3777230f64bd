using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace AkkaStream.Benchmarks.Startup;

/// <summary>
/// From the call of ./akkastream (wrapper included) to the first answer to ApiVersions and Metadata, and memory when idle: empty, and
/// with many partitions that hold data, after a clean stop and after kill -9. A row is the median of its rounds; the best is beside it,
/// because others on the machine only ever make a start slower.
/// </summary>
static class StartupBench
{
    const string Usage = "usage: bench startup [--port N] [--dir FOLDER] [--rounds N] [--partitions N,N] [--wait SECONDS] [--override NAME=VALUE]...";

    public static int Run(string[] arguments)
    {
        int port = 20_290, rounds = 5;
        double idle = 2;
        string folder = Path.Combine(Path.GetTempPath(), $"akkastream-startup-{Environment.ProcessId}");
        int[] sizes = [1_000, 10_000];
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
                case "--override": overrides.Add(value); break;
                default: return Help();
            }
        }
        var broker = new StartedBroker(new IPEndPoint(IPAddress.Loopback, port), folder, TimeSpan.FromSeconds(idle), overrides);
        try
        {
            broker.Build();
            Title();
            Measure(broker, "empty, first start", 1, () => broker.Forget(), kill: false);
            Measure(broker, "empty", rounds, null, kill: false);
            foreach (int partitions in sizes) WithPartitions(broker, partitions, rounds);
            return 0;
        }
        finally
        {
            broker.Forget();
        }
    }

    static int Help()
    {
        Console.WriteLine(Usage);
        return 2;
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    static void WithPartitions(StartedBroker broker, int partitions, int rounds)
    {
        broker.Forget();
        long before = Stopwatch.GetTimestamp();
        broker.Fill(partitions);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  ({partitions} partitions made and written to in {Stopwatch.GetElapsedTime(before).TotalSeconds:0.0} s)"));
        Measure(broker, $"{partitions} partitions, after a clean stop", rounds, null, kill: false);
        broker.StopByKill();
        Measure(broker, $"{partitions} partitions, after kill -9", rounds, null, kill: true);
    }

    static void Title()
    {
        Console.WriteLine();
        Console.WriteLine($"  {"",-44}{"ready ms",10}{"best",8}{"cpu ms",9}{"idle MB",9}{"own MB",8}{"threads",9}");
    }

    static void Measure(StartedBroker broker, string name, int rounds, Action? before, bool kill)
    {
        var starts = new List<StartFigures>();
        for (int i = 0; i < rounds; i++)
        {
            before?.Invoke();
            starts.Add(broker.StartAndStop(kill));
        }
        double ready = Median(starts.Select(s => s.ReadyMs));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-44}{ready,10:0}{starts.Min(s => s.ReadyMs),8:0}{Median(starts.Select(s => s.CpuMs)),9:0}" +
            $"{Median(starts.Select(s => s.ResidentMb)),9:0.0}{Median(starts.Select(s => s.OwnMb)),8:0.0}{Median(starts.Select(s => s.Threads)),9:0}"));
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

/// <summary>One start: until the first answer, processor time until then, memory and threads once nothing happens any more.</summary>
sealed record StartFigures(double ReadyMs, double CpuMs, double ResidentMb, double OwnMb, double Threads);
