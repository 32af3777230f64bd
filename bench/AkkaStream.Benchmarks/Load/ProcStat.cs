using System.Globalization;

namespace AkkaStream.Benchmarks.Load;

/// <summary>What /proc says of a process: processor time (with that of its ended children) and memory.</summary>
static class ProcStat
{
    const double TicksPerSecond = 100; // USER_HZ, which the kernel has fixed for /proc

    public static double CpuSeconds(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = 0;
        for (int i = 11; i <= 14; i++) ticks += double.Parse(fields[i], CultureInfo.InvariantCulture);
        return ticks / TicksPerSecond;
    }

    public static long ResidentBytes(int pid) => Kilobytes(pid, "VmRSS:") * 1024;

    /// <summary>Without the pages of files, which all processes share and the system may drop.</summary>
    public static long OwnBytes(int pid) => Kilobytes(pid, "RssAnon:") * 1024;

    public static long PeakResidentBytes(int pid) => Kilobytes(pid, "VmHWM:") * 1024;

    /// <summary>The peak is counted from now on.</summary>
    public static void ResetPeak(int pid) => File.WriteAllText($"/proc/{pid}/clear_refs", "5");

    static long Kilobytes(int pid, string name)
    {
        foreach (string line in File.ReadLines($"/proc/{pid}/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal)) return long.Parse(line[name.Length..^2].Trim(), CultureInfo.InvariantCulture);
        }
        return 0;
    }
}
