using System.Diagnostics;
using System.Globalization;

namespace AkkaStream.Benchmarks;

/// <summary>
/// The harness: runs a case a few times after a warm-up and prints the medians. Costs are processor time of the whole
/// process per operation, so that a second busy thread counts; machines are noisy, so compare lines of one run.
/// </summary>
sealed class Bench
{
    readonly int _rounds;
    readonly string _only;

    public Bench(string[] options)
    {
        _rounds = int.Parse(Option(options, "--rounds") ?? "5", CultureInfo.InvariantCulture);
        _only = Option(options, "--only") ?? "";
    }

    public static void Title(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
        Console.WriteLine($"  {"",-52}{"cpu ns",10}{"wall ns",10}{"bytes",8}   bare / target");
    }

    /// <summary>Runs the case with its number of operations; the action must return when all are done.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="operations">How many operations one round is.</param>
    /// <param name="round">Runs that many.</param>
    /// <param name="reference">What to compare with.</param>
    public void Measure(string name, int operations, Action<int> round, string reference = "")
    {
        if (!name.Contains(_only, StringComparison.OrdinalIgnoreCase)) return;
        round(operations);
        round(operations);
        var results = new List<(double Cpu, double Wall, double Bytes)>();
        for (var i = 0; i < _rounds; i++) results.Add(Round(operations, round));
        var cpu = Median(results.Select(r => r.Cpu));
        var wall = Median(results.Select(r => r.Wall));
        var bytes = Median(results.Select(r => r.Bytes));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-52}{cpu,10:0.0}{wall,10:0.0}{bytes,8:0.0}   {reference}"));
    }

    /// <summary>A figure that is not a time.</summary>
    public void Print(string name, double value, string reference = "")
    {
        if (!name.Contains(_only, StringComparison.OrdinalIgnoreCase)) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-52}{value,28:0.0}   {reference}"));
    }

    static (double Cpu, double Wall, double Bytes) Round(int operations, Action<int> round)
    {
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var wall = Stopwatch.GetTimestamp();
        round(operations);
        var tookWall = Stopwatch.GetElapsedTime(wall);
        var tookCpu = Environment.CpuUsage.TotalTime - cpu;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return (
            tookCpu.TotalNanoseconds / operations,
            tookWall.TotalNanoseconds / operations,
            (double)allocated / operations);
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    static string? Option(string[] options, string name)
    {
        var index = Array.IndexOf(options, name);
        return index >= 0 && index + 1 < options.Length ? options[index + 1] : null;
    }
}
