using AkkaStream.Hocon;
using AkkaStream.Net;
using AkkaStream.Server.Logging;

namespace AkkaStream.Server.Settings;

/// <summary>
/// A node's whole configuration: the rooms' defaults, one file (HOCON, or Kafka's server.properties), and what the command
/// line overrides, bound to the record that the host takes. All complaints come together, each with its place and its cure.
/// </summary>
sealed record NodeConfiguration(AkkaStreamSettings Settings, LogLevels Levels, TimeSpan StopPatience, IReadOnlyList<string> Warnings)
{
    public const string Root = "akkastream";

    const string KafkaListeners = "PLAINTEXT://:9092";
    const string KafkaDirectory = "/tmp/kafka-logs";
    const string OwnListeners = "PLAINTEXT://127.0.0.1:9092";

    /// <param name="file">HOCON or *.properties; null for none.</param>
    /// <param name="overrides">name=value, by Kafka's names or our own.</param>
    /// <param name="environment">Environment variables, for substitutions and the default directory.</param>
    /// <param name="variables">Properties from environment variables, between the file and the overrides; null for none.</param>
    /// <exception cref="SettingsException">Something in it cannot be used.</exception>
    /// <exception cref="HoconException">The file cannot be read.</exception>
    public static NodeConfiguration Load(
        string? file, IReadOnlyList<string> overrides, Func<string, string?> environment, PropertiesFile? variables = null)
    {
        bool isKafkas = file is not null && file.EndsWith(".properties", StringComparison.OrdinalIgnoreCase);
        var commandLine = PropertiesFile.ParseOverrides(overrides);
        var binder = SettingsLayers.BindBelow(variables is null ? [commandLine] : [commandLine, variables], Reference(), file, Root, environment);
        var root = binder.Section(Root);
        var own = OwnBinding.Bind(binder, root);
        var properties = new BrokerProperties(binder, root, isKafkas ? file : null);
        properties.Read();
        var listeners = new Listeners(properties, root.Complain);
        // Kafka listens for everybody unless told otherwise; whoever wrote no Kafka file gets a broker that strangers cannot reach.
        listeners.Read(isKafkas ? KafkaListeners : OwnListeners);
        binder.Finish();

        var settings = new AkkaStreamSettings
        {
            Listeners = listeners.Bound,
            Advertised = listeners.Advertised,
            LogDirs = own.InMemory ? [] : Directories(properties, isKafkas ? KafkaDirectory : DefaultDirectory(environment)),
            NodeId = NodeId(properties),
            ClusterId = own.ClusterId,
            Rack = properties.Values.GetValueOrDefault("broker.rack"),
            Net = own.Net,
            OpenFilesMax = own.OpenFilesMax,
            Scrub = own.Scrub,
            Properties = properties.Values,
        };
        return new NodeConfiguration(settings, own.Levels, own.StopPatience, properties.Warnings);
    }

    /// <summary>The defaults of all rooms that have any.</summary>
    internal static HoconDocument Reference() => ReferenceConf.Load(
        typeof(NodeConfiguration).Assembly, typeof(NetSettings).Assembly, typeof(AkkaStream.Log.LogConfig).Assembly);

    static IReadOnlyList<string> Directories(BrokerProperties properties, string otherwise)
    {
        string? named = properties.Values.GetValueOrDefault("log.dirs") ?? properties.Values.GetValueOrDefault("log.dir");
        return [.. (named ?? otherwise)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Path.GetFullPath)];
    }

    /// <summary>Where a user's programs keep what they own, so that a broker tried out in a source tree leaves nothing in it.</summary>
    internal static string DefaultDirectory(Func<string, string?> environment)
    {
        if (environment("XDG_DATA_HOME") is { Length: > 0 } data && Path.IsPathRooted(data)) return Path.Combine(data, Root);
        if (environment("HOME") is { Length: > 1 } home && Path.IsPathRooted(home)) return Path.Combine(home, ".local", "share", Root);
        return Path.Combine("/var/lib", Root);
    }

    static int? NodeId(BrokerProperties properties)
    {
        string? text = properties.Values.GetValueOrDefault("node.id") ?? properties.Values.GetValueOrDefault("broker.id");
        return int.TryParse(text, out int id) ? id : null;
    }
}
