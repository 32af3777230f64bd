using AkkaStream.Hocon;
using AkkaStream.Net;
using AkkaStream.Replication;
using AkkaStream.Server.Logging;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Server.Settings;

/// <summary>What AkkaStream's own names say, as the reference.conf of each room lists them.</summary>
sealed record OwnSettings(
    bool InMemory, string? ClusterId, TimeSpan StopPatience, LogLevels Levels, NetSettings Net, int OpenFilesMax,
    ScrubSettings Scrub);

/// <summary>Reads the own settings of each room into its record.</summary>
static class OwnBinding
{
    const int LoopsMax = 64;
    static readonly string[] LevelWords = ["info", "trace", "debug", "warn", "error", "critical", "off"];

    public static OwnSettings Bind(SettingsBinder binder, SettingsSection root) => new(
        InMemory: root.OneOf("storage", "disk", "memory") == "memory",
        ClusterId: ClusterId(root),
        StopPatience: root.Duration("stop.patience"),
        Levels: Levels(binder, root),
        Net: Net(root),
        OpenFilesMax: root.Int32("log.open.files.max", min: 16, max: 1_000_000),
        Scrub: new ScrubSettings
        {
            Interval = root.Duration("log.scrub.interval", min: TimeSpan.Zero),
            MostBytesPerSecond = root.Size("log.scrub.max.bytes.per.second", min: 1024),
        });

    static string? ClusterId(SettingsSection root)
    {
        if (root.TextOrNull("cluster.id") is not { } id) return null;
        if (id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            root.Complain(root.OriginOf("cluster.id"), $"cluster.id \"{id}\" is no id; 'akkastream storage random-uuid' makes one");
        return id;
    }

    static LogLevels Levels(SettingsBinder binder, SettingsSection root)
    {
        binder.AcceptAllUnder(root.PathOf("logging.rooms"));
        var rooms = root.Section("logging.rooms");
        var exceptions = new Dictionary<string, LogLevel>();
        foreach (var value in rooms.Values()) exceptions[value.Name.ToLowerInvariant()] = LevelOf(rooms.OneOf(value.Name, LevelWords));
        return new LogLevels(LevelOf(root.OneOf("logging.level", LevelWords)), exceptions);
    }

    static LogLevel LevelOf(string word) => word switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "critical" => LogLevel.Critical,
        "off" => LogLevel.None,
        _ => LogLevel.Information,
    };

    static NetSettings Net(SettingsSection root) => new()
    {
        Loops = root.Text("net.loops") == "auto" ? 0 : root.Int32("net.loops", min: 1, max: LoopsMax),
        MaxInFlight = root.Int32("net.requests.in.flight.max", min: 1),
        MaxUnsentBytes = (int)root.Size("net.unsent.max.bytes", min: 64 << 10, max: int.MaxValue),
        MemoryPatience = root.Duration("net.memory.patience", min: TimeSpan.FromMilliseconds(100)),
        SweepInterval = root.Duration("net.idle.sweep", min: TimeSpan.FromMilliseconds(10)),
    };
}
