using System.Globalization;
using System.Net;
using System.Text.Json;
using AkkaStream.Benchmarks.Load;

namespace AkkaStream.Benchmarks.Compare;

/// <summary>Our broker and a peer, the same loads in turns: A B A B. Ratios of pairs count, for a machine's speed comes and goes.</summary>
static class CompareBench
{
    const string Usage = """
        usage: bench compare [--peer HOST:PORT,PID] [--rows TEXT,TEXT] [--pairs N] [--size FACTOR] [--json FILE] [--port PORT] [--ours HOST:PORT,PID]
          --peer    the broker to compare with; without it our numbers alone are printed
          --rows    only rows whose name contains one of these
          --json    results are added to this file; rows that it holds already (for both) are not run again
        """;

    public static int Run(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                Console.WriteLine(Usage);
                return 2;
            }
            options[args[i][2..]] = args[i + 1];
        }
        string[] only = options.GetValueOrDefault("rows", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        int pairs = int.Parse(options.GetValueOrDefault("pairs", "5"), CultureInfo.InvariantCulture);
        double size = double.Parse(options.GetValueOrDefault("size", "1"), CultureInfo.InvariantCulture);
        var results = Results.Open(options.GetValueOrDefault("json"));
        Target? peer = options.TryGetValue("peer", out string? told) ? Parse("peer", told) : null;
        using OurBroker? started = options.ContainsKey("ours") ? null
            : OurBroker.Start(RepositoryRoot(), int.Parse(options.GetValueOrDefault("port", "19192"), CultureInfo.InvariantCulture));
        Target ours = started?.Target ?? Parse("ours", options["ours"]);
        List<Target> targets = peer is null ? [ours] : [ours, peer];
        results.Idle(targets);
        using var memory = new UsedMemory();
        foreach (var row in RawRows.All.Concat(ClientRows.All))
        {
            if (only.Length > 0 && !only.Any(row.Name.Contains)) continue;
            if (results.Has(row.Name, pairs)) continue;
            results.Begin(row);
            foreach (var target in targets) row.Run(target, size); // not counted
            for (int pair = 0; pair < pairs; pair++)
            {
                // Whoever comes first may find the machine otherwise than the second, so they change places.
                foreach (var target in pair % 2 == 0 ? targets : Enumerable.Reverse(targets))
                {
                    memory.Fill();
                    results.Add(row, target.Name, row.Run(target, size));
                }
                if (row.Floor is not { } floor) continue;
                memory.Fill();
                results.Add(row, "floor", new Sample(floor()));
            }
            results.Print(row, withPeer: peer is not null);
        }
        results.AfterAll(targets);
        results.Save();
        return 0;
    }

    public static Target Parse(string name, string text)
    {
        string[] parts = text.Split(',');
        return new Target(name, IPEndPoint.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "akkastream"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the repository is not above the benchmark's folder");
    }
}

/// <summary>What was measured, by row, broker and metric; told as a table and kept as JSON.</summary>
sealed class Results
{
    readonly string? _file;
    readonly SortedDictionary<string, SortedDictionary<string, List<double[]>>> _samples;
    readonly Dictionary<string, (double Limit, string Note)> _notes = [];

    Results(string? file, SortedDictionary<string, SortedDictionary<string, List<double[]>>> samples)
    {
        _file = file;
        _samples = samples;
    }

    public static Results Open(string? file) => new(file, file is not null && File.Exists(file)
        ? JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, List<double[]>>>>(File.ReadAllText(file)) ?? []
        : []);

    public bool Has(string row, int pairs) => _samples.TryGetValue(row, out var by) && by.Values.All(s => s.Count >= pairs);

    public void Begin(Row row) => _samples[row.Name] = [];

    public void Add(Row row, string who, Sample sample)
    {
        if (!_samples[row.Name].TryGetValue(who, out var list)) _samples[row.Name][who] = list = [];
        list.Add(sample.Values);
        if (who == "ours") _notes[row.Name] = (sample.Limit, sample.Note);
    }

    public void Print(Row row, bool withPeer)
    {
        Save();
        var ours = _samples[row.Name]["ours"];
        for (int i = 0; i < row.Metrics.Length; i++)
        {
            var metric = row.Metrics[i];
            double own = Median(ours.Select(v => v[i]));
            string text = string.Create(CultureInfo.InvariantCulture, $"{row.Name,-20} {metric.Name,-10} {own,10:0.###} {metric.Unit,-11}");
            if (withPeer)
            {
                var peer = _samples[row.Name]["peer"];
                double[] ratios = [.. ours.Zip(peer, (a, b) => a[i] / b[i])];
                double ratio = Median(ratios);
                string verdict = metric.IsMet(ratio) ? "met" : "MISSED";
                text += string.Create(CultureInfo.InvariantCulture,
                    $" peer {Median(peer.Select(v => v[i])),10:0.###}  ratio {ratio,6:0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})  goal {(metric.MoreIsBetter ? ">=" : "<=")} {metric.Goal:0.##}  {verdict}, {ratios.Count(metric.IsMet)} of {ratios.Length} pairs");
            }
            if (i == 0 && _notes.TryGetValue(row.Name, out var note))
            {
                if (note.Limit > 0) text += string.Create(CultureInfo.InvariantCulture, $"  {own / note.Limit:0.0}x the limit");
                if (note.Note.Length > 0) text += $"  {note.Note}";
            }
            Console.WriteLine(text);
        }
        if (!_samples[row.Name].TryGetValue("floor", out var floors)) return;
        for (int i = 0; i < floors[0].Length; i++) PrintFloor(row, floors, i);
    }

    /// <summary>A bare server or loop that does the least with the same bytes in the same minutes: what of the peer's cost is nobody's to save.</summary>
    void PrintFloor(Row row, List<double[]> floors, int metric)
    {
        double[] bare = [.. floors.Select(v => v[metric])];
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{"",-20} {(metric == 0 ? "bare" : ""),-10} {Median(bare),10:0.###} {row.Metrics[metric].Unit,-11} ours {Median(Ratios("ours")):0.00} of it");
        if (_samples[row.Name].ContainsKey("peer"))
            text += string.Create(CultureInfo.InvariantCulture, $"  it is {1 / Median(Ratios("peer")):0.00} of the peer");
        Console.WriteLine(text);

        IEnumerable<double> Ratios(string who) => _samples[row.Name][who].Zip(bare, (v, floor) => v[metric] / floor);
    }

    public void Idle(IEnumerable<Target> targets) => Memory("memory, at the start", targets, ProcStat.ResidentBytes);

    public void AfterAll(IEnumerable<Target> targets)
    {
        Memory("memory, after all", targets, ProcStat.ResidentBytes);
        Memory("memory, at its peak", targets, ProcStat.PeakResidentBytes);
    }

    void Memory(string name, IEnumerable<Target> targets, Func<int, long> read)
    {
        double[] megabytes = [.. targets.Select(t => read(t.Pid) / 1e6)];
        _samples[name] = new SortedDictionary<string, List<double[]>>(
            targets.Zip(megabytes).ToDictionary(t => t.First.Name, t => new List<double[]> { new[] { t.Second } }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-20} {megabytes[0],10:0} MB{(megabytes.Length > 1 ? $"  peer {megabytes[1]:0}  ratio {megabytes[0] / megabytes[1]:0.00}" : "")}"));
    }

    public void Save()
    {
        if (_file is not null) File.WriteAllText(_file, JsonSerializer.Serialize(_samples));
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
