using System.Globalization;

namespace AkkaStream.Server;

/// <summary>
/// How long this process has been there, including the script and the runtime that came before our first line: that is what
/// a user waits. Read once, at the end of the start.
/// </summary>
static class ProcessAge
{
    const double TicksPerSecond = 100;

    /// <summary>Null where the system does not say.</summary>
    public static TimeSpan? Of()
    {
        try
        {
            // Field 22 counts from behind the name, which may hold anything but ends with the last bracket.
            string stat = File.ReadAllText("/proc/self/stat");
            string started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
            string uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
            double age = double.Parse(uptime, CultureInfo.InvariantCulture) - double.Parse(started, CultureInfo.InvariantCulture) / TicksPerSecond;
            return TimeSpan.FromSeconds(Math.Max(0, age));
        }
        catch (Exception e) when (e is IOException or FormatException or IndexOutOfRangeException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
