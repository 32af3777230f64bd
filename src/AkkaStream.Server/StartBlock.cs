using System.Globalization;
using System.Net;
using System.Text;

namespace AkkaStream.Server;

/// <summary>What a broker says of itself once it is ready: one block that fits a screen, for people.</summary>
static class StartBlock
{
    const int LabelWidth = 11;

    public static string Describe(AkkaStreamHost host, AkkaStreamSettings settings)
    {
        var text = new StringBuilder();
        string took = ProcessAge.Of() is { } age ? string.Create(CultureInfo.InvariantCulture, $", ready after {Show(age)}") : "";
        text.Append(CultureInfo.InvariantCulture, $"AkkaStream {ProductVersion.Text}{took}\n");
        for (int i = 0; i < host.Addresses.Count; i++)
            Line(text, i == 0 ? "listeners" : "", Listener(settings, settings.Listeners[i].Name, host.Addresses[i]));
        var directories = host.Parts.Directories;
        for (int i = 0; i < directories.All.Count; i++)
        {
            string place = settings.LogDirs.Count == 0 ? "in memory, gone when it stops" : directories.All[i].DirectoryPath;
            Line(text, i == 0 ? "data" : "", $"{place} ({Count(directories.CountIn(i))})");
        }
        Line(text, "store", settings.LogDirs.Count == 0 ? "embedded, in memory" : $"embedded, in {host.Parts.Cluster.StoreDirectory}");
        Line(text, "node", string.Create(
            CultureInfo.InvariantCulture, $"{host.NodeId.Value} of cluster {host.ClusterId}, process {Environment.ProcessId}"));
        return text.ToString();
    }

    static string Listener(AkkaStreamSettings settings, string name, IPEndPoint address)
    {
        var bound = string.Create(CultureInfo.InvariantCulture, $"{name} {address}");
        if (!settings.Advertised.TryGetValue(name, out var told)) return bound;
        int port = told.Port == 0 ? address.Port : told.Port;
        string advertised = string.Create(CultureInfo.InvariantCulture, $"{(told.Host.Contains(':') ? $"[{told.Host}]" : told.Host)}:{port}");
        return advertised == address.ToString() ? bound : $"{bound}, clients are told {advertised}";
    }

    static void Line(StringBuilder text, string label, string what) =>
        text.Append("  ").Append(label.PadRight(LabelWidth)).Append(what).Append('\n');

    static string Count(int partitions) =>
        partitions == 1 ? "1 partition" : string.Create(CultureInfo.InvariantCulture, $"{partitions} partitions");

    static string Show(TimeSpan age) => age < TimeSpan.FromSeconds(10)
        ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0} s");
}
