using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AkkaStream.Benchmarks.Compare;
using AkkaStream.Benchmarks.Load;

namespace AkkaStream.Benchmarks.Clients;

/// <summary>
/// A running broker, or one that is started for it, under whole clients: our own and librdkafka, in turns. Throughput and cost of the broker are
/// measured as fast as it goes; latencies at a rate that leaves room.
/// </summary>
sealed class ClientBench
{
    const int Partitions = 4, PacedSeconds = 5;

    readonly bool _fetches;
    readonly Dictionary<string, string> _options;
    readonly int _size, _records, _rounds, _rate;
    readonly string _config;

    ClientBench(bool fetches, Dictionary<string, string> options)
    {
        _fetches = fetches;
        _options = options;
        _size = Number("record-size", 1_000);
        _records = Number("records", Math.Clamp(300_000_000 / _size, 1_000, 2_000_000));
        _rounds = Number("rounds", 3);
        _rate = Number("rate", 1_000);
        _config = options.GetValueOrDefault("config", "");
    }

    int Number(string name, int otherwise) =>
        _options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public static int Run(string what, string[] args)
    {
        var options = new Dictionary<string, string>();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                Console.WriteLine($"""
                    usage: bench {what} [--broker HOST:PORT,PID] [--clients own,librdkafka] [--record-size BYTES] [--records N] [--rounds N]
                           [--rate N] [--config name=value,...] [--port PORT]
                      --broker   a running broker; without it one is started, on --port
                      --rate     records a second while latencies are measured
                      --config   client properties, for both clients
                    """);
                return 2;
            }
            options[args[i][2..]] = args[i + 1];
        }
        using var started = options.ContainsKey("broker") ? null
            : OurBroker.Start(CompareBench.RepositoryRoot(), int.Parse(options.GetValueOrDefault("port", "19192"), CultureInfo.InvariantCulture));
        var target = started?.Target ?? CompareBench.Parse("broker", options["broker"]);
        new ClientBench(what == "fetch", options).Run(target);
        return 0;
    }

    void Run(Target target)
    {
        Console.WriteLine($"{(_fetches ? "fetch" : "produce")}: {_records:#,0} records of {_size:#,0} B, {Partitions} partitions; latencies at "
            + $"{_rate:#,0} records/s ({(_fetches ? "producer to consumer" : "to the confirmation")}); medians of {_rounds}");
        Console.WriteLine($"{"",-12}{"records/s",12}{"MB/s",9}{"cpu s/GB",10}{"cpu s/M rec",13}{"p50 ms",9}{"p99 ms",9}{"p99.9 ms",10}"
            + $"{"broker MB",11}{"peak MB",9}");
        string[] clients = _options.GetValueOrDefault("clients", "own,librdkafka").Split(',');
        var results = clients.ToDictionary(c => c, _ => new List<double[]>());
        foreach (string client in clients) Once(client, target, _records / 10); // not counted
        for (int round = 0; round < _rounds; round++)
            foreach (string client in round % 2 == 0 ? clients : Enumerable.Reverse(clients)) results[client].Add(Once(client, target, _records));
        foreach (string client in clients)
        {
            double[] m = [.. Enumerable.Range(0, 9).Select(i => Median(results[client].Select(r => r[i])))];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{client,-12}{m[0],12:#,0}{m[1],9:0.0}{m[2],10:0.00}{m[3],13:0.00}{m[4],9:0.0}{m[5],9:0.0}{m[6],10:0.0}{m[7],11:0}{m[8],9:0}"));
        }
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    double[] Once(string client, Target target, int records)
    {
        using var admin = new RawClient(target.Address);
        string topic = LoadBench.NewTopic(admin, Partitions);
        if (_fetches) Drive("own", "produce", target, topic, records);
        ProcStat.ResetPeak(target.Pid);
        double cpu = ProcStat.CpuSeconds(target.Pid);
        double seconds = Drive(client, _fetches ? "fetch" : "produce", target, topic, records).Seconds;
        cpu = ProcStat.CpuSeconds(target.Pid) - cpu;
        double peak = ProcStat.PeakResidentBytes(target.Pid) / 1e6;
        double[] late = Drive(client, _fetches ? "follow" : "paced", target, topic, Math.Min(records, _rate * PacedSeconds)).Latencies;
        admin.DeleteTopic(topic);
        double bytes = (double)records * _size;
        return [records / seconds, bytes / 1e6 / seconds, cpu / (bytes / 1e9), cpu / (records / 1e6), .. late,
            ProcStat.ResidentBytes(target.Pid) / 1e6, peak];
    }

    (double Seconds, double[] Latencies) Drive(string client, string mode, Target target, string topic, int count) => client switch
    {
        "own" => OwnClient.Drive(mode, target.Address.ToString(), topic, _size, count, _config, _rate),
        "librdkafka" => Librdkafka(mode, target.Address.ToString(), topic, count),
        _ => throw new ArgumentException($"--clients: '{client}' is neither own nor librdkafka"),
    };

    (double Seconds, double[] Latencies) Librdkafka(string mode, string bootstrap, string topic, int count)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "clients", "rdkafka_bench.py");
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
        foreach (string arg in (string[])[script, mode, bootstrap, topic, $"{_size}", $"{count}", _config]) start.ArgumentList.Add(arg);
        if (mode is "paced" or "follow") start.ArgumentList.Add($"{_rate}");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("python3 does not start");
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"librdkafka failed: {told} (is python3-confluent-kafka installed?)");
        using var json = JsonDocument.Parse(told);
        return (json.RootElement.GetProperty("seconds").GetDouble(),
            [.. json.RootElement.GetProperty("latencies").EnumerateArray().Select(l => l.GetDouble())]);
    }
}
