using AkkaStream.Cluster;
using AkkaStream.Hocon;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Protocol;
using AkkaStream.Server.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaStream.Server.Commands;

/// <summary>
/// "akkastream storage", which kafka-storage.sh calls: makes ids, and makes data directories out to a node before its first start. Its
/// answers and exit codes are those of Kafka's tool, because scripts and images read them. A broker here does not need it: one that
/// finds an empty directory makes it out by itself.
/// </summary>
static class StorageCommand
{
    const int Done = 0, Failed = 1;

    const string Usage = """
        usage: kafka-storage [-h] {info,format,version-mapping,feature-dependencies,random-uuid} ...

        """;

    const string FormatUsage = """
        usage: kafka-storage format [-h] --config CONFIG --cluster-id CLUSTER_ID
                             [--add-scram ADD_SCRAM] [--ignore-formatted]
                             [--release-version RELEASE_VERSION]
                             [--feature FEATURE] [--standalone |
                             --no-initial-controllers |
                             --initial-controllers INITIAL_CONTROLLERS]

        """;

    static readonly string[] FormatOptions =
    [
        "--config", "--cluster-id", "--add-scram", "--ignore-formatted", "--release-version", "--feature", "--standalone",
        "--no-initial-controllers", "--initial-controllers",
    ];

    public static int Run(string[] words, TextWriter output, TextWriter errors)
    {
        try
        {
            return words switch
            {
                ["random-uuid"] => Say(output, Chance.NewId().ToString()),
                ["random-uuid", var extra, ..] => Refuse(errors, "usage: kafka-storage random-uuid [-h]\n", $"unrecognized arguments: '{extra}'"),
                ["format", .. var rest] => Format(rest, output, errors),
                ["info", .. var rest] => Describe(rest, output, errors),
                ["version-mapping", .. var rest] => FeatureMappings.ShowVersion(rest, output, errors),
                ["feature-dependencies", .. var rest] => FeatureMappings.ShowDependencies(rest, output, errors),
                ["-h" or "--help"] => Help(output),
                [] => Refuse(errors, Usage, "too few arguments"),
                [var word, ..] => Refuse(errors, Usage,
                    $"invalid choice: '{word}' (choose from 'info', 'format', 'version-mapping', 'feature-dependencies', 'random-uuid')"),
            };
        }
        catch (Exception e) when (e is SettingsException or HoconException or IdentityException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(e.Message);
            return Failed;
        }
    }

    static int Format(string[] words, TextWriter output, TextWriter errors)
    {
        if (StorageArguments.Parse(words, FormatOptions, out var arguments) is { } problem) return Refuse(errors, FormatUsage, problem);
        if (arguments.Has("--help")) return Say(output, FormatUsage.TrimEnd());
        if (arguments.Last("--config") is not { } config) return Refuse(errors, FormatUsage, "argument --config/-c is required");
        if (arguments.Last("--cluster-id") is not { } clusterId) return Refuse(errors, FormatUsage, "argument --cluster-id/-t is required");
        if (!IsClusterId(clusterId)) return Complain(errors, $"\"{clusterId}\" is no cluster id; 'kafka-storage random-uuid' makes one");
        if (arguments.Has("--add-scram")) return Complain(errors, "SCRAM users are not served yet; leave --add-scram out");
        if (FeatureMappings.Check(arguments) is { } unknown) return Complain(errors, unknown);

        var settings = NodeConfiguration.Load(config, [], Environment.GetEnvironmentVariable).Settings;
        var files = new OsFiles();
        string[] directories = [.. settings.LogDirs.Order(StringComparer.Ordinal)];
        if (directories.Length == 0) return Complain(errors, "storage = memory needs no directory, and none is made");
        var formatted = directories.Where(d => Found(files, d) is not null).ToList();
        if (formatted.Find(d => Found(files, d)?.ClusterId is { } id && id != clusterId) is { } other)
        {
            return Complain(errors, $"Invalid cluster.id in: {Path.Combine(other, MetaProperties.Name)}. " +
                $"Expected {clusterId}, but read {Found(files, other)?.ClusterId}");
        }
        if (formatted.Count > 0 && !arguments.Has("--ignore-formatted"))
        {
            return Complain(errors, $"Log directory {formatted[0]} is already formatted. " +
                "Use --ignore-formatted to ignore this directory and format the others.");
        }
        if (formatted.Count == directories.Length) return Say(output, "All of the log directories are already formatted.");
        string version = arguments.Last("--release-version") is { } release ? FeatureMappings.FullName(release) : FeatureMappings.Latest;
        LocalIdentity.Establish(
            files, settings.LogDirs, new IdentitySettings
            {
                NodeId = settings.NodeId is { } id ? new BrokerId(id) : null,
                ClusterId = clusterId,
                ReservedBrokerMaxId = 0,
            }, Chance.NewId, NullLogger.Instance);
        foreach (string directory in directories.Except(formatted))
            output.WriteLine($"Formatting data directory {directory} with metadata.version {version}.");
        return Done;
    }

    static int Describe(string[] words, TextWriter output, TextWriter errors)
    {
        const string usage = "usage: kafka-storage info [-h] --config CONFIG\n";
        if (StorageArguments.Parse(words, ["--config"], out var arguments) is { } problem) return Refuse(errors, usage, problem);
        if (arguments.Has("--help")) return Say(output, usage.TrimEnd());
        if (arguments.Last("--config") is not { } config) return Refuse(errors, usage, "argument --config/-c is required");
        var settings = NodeConfiguration.Load(config, [], Environment.GetEnvironmentVariable).Settings;
        var files = new OsFiles();
        var found = new List<string>();
        var problems = new List<string>();
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string directory in settings.LogDirs.Order(StringComparer.Ordinal))
        {
            if (!files.DirectoryExists(directory))
            {
                problems.Add($"{directory} does not exist");
                continue;
            }
            found.Add(directory);
            if (Found(files, directory) is not { } meta) problems.Add($"{directory} is not formatted.");
            else Gather(directory, meta, properties, problems);
        }
        Section(output, found.Count == 1 ? "Found log directory:" : "Found log directories:", found);
        if (properties.Count > 0) output.WriteLine($"Found metadata: {{{string.Join(", ", properties.Select(p => $"{p.Key}={p.Value}"))}}}\n");
        Section(output, problems.Count == 1 ? "Found problem:" : "Found problems:", problems);
        return problems.Count == 0 ? Done : Failed;
    }

    static void Gather(string directory, MetaProperties meta, SortedDictionary<string, string> properties, List<string> problems)
    {
        string id = meta.ClusterId ?? "";
        if (properties.TryGetValue("cluster.id", out string? first) && first != id)
        {
            problems.Add($"{directory} belongs to cluster {id}, the directories before it to {first}.");
            return;
        }
        properties.TryAdd("cluster.id", id);
        if (meta.DirectoryId is { } directoryId) properties.TryAdd("directory.id", directoryId);
        if (meta.NodeId is { } node) properties.TryAdd("node.id", node.ToString(System.Globalization.CultureInfo.InvariantCulture));
        properties.TryAdd("version", meta.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    static void Section(TextWriter output, string title, List<string> lines)
    {
        if (lines.Count == 0) return;
        output.WriteLine(title);
        foreach (string line in lines) output.WriteLine($"  {line}");
        output.WriteLine();
    }

    static MetaProperties? Found(OsFiles files, string directory)
    {
        string path = Path.Combine(directory, MetaProperties.Name);
        if (files.ReadAll(path) is not { } content) return null;
        return MetaProperties.Parse(content, out string? problem) ?? throw new IdentityException($"{path} cannot be used: {problem}");
    }

    static bool IsClusterId(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    static int Say(TextWriter output, string text)
    {
        output.WriteLine(text);
        return Done;
    }

    static int Help(TextWriter output)
    {
        output.Write(Usage);
        output.WriteLine("""

            info                   tells what the log directories of a configuration hold
            format                 makes the log directories of a configuration out to a cluster and a node
            version-mapping        tells the feature levels of a release
            feature-dependencies   tells what a feature level needs
            random-uuid            prints a new id
            """);
        return Done;
    }

    static int Complain(TextWriter errors, string text)
    {
        errors.WriteLine(text);
        return Failed;
    }

    internal static int Refuse(TextWriter errors, string usage, string problem)
    {
        errors.Write(usage);
        errors.WriteLine($"kafka-storage: error: {problem}");
        return Failed;
    }
}
