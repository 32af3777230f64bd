using AkkaStream.Client;
using AkkaStream.Client.Settings;
using AkkaStream.Cli.Options;

namespace AkkaStream.Cli;

/// <summary>What a tool has at hand: its arguments, its streams, and the clients that the usual options ask for.</summary>
sealed class ToolContext(string name, string[] args, CommandIo io)
{
    public string Name => name;
    public CommandIo Io => io;
    public TextWriter Output => io.Output;
    public TextWriter Error => io.Error;
    public CancellationToken Stop => io.Stop;

    /// <summary>For tools whose action is a word of its own: the action, and the rest of the command line.</summary>
    public Parsed? Parse(OptionSet options, out string? action, params string[] actions)
    {
        int at = Array.FindIndex(args, a => actions.Contains(a));
        action = at < 0 ? null : args[at];
        if (at < 0 && !args.Contains("--help") && !args.Contains("--version"))
            throw new UsageException($"One of these is needed: {string.Join(", ", actions)}");
        return at < 0 ? Parse(options) : Parse(options, [.. args[..at], .. args[(at + 1)..]]);
    }

    /// <summary>Reads the command line; null when help or version was asked for and given.</summary>
    public Parsed? Parse(OptionSet options) => Parse(options, args);

    /// <summary>For tools whose values once stood without names, in this order; the last one might be missing.</summary>
    public Parsed? Parse(OptionSet options, string[] positions, string warning)
    {
        if (args.Length == 0 || args[0].StartsWith('-')) return Parse(options, args);
        if (args.Length < positions.Length - 1 || args.Length > positions.Length)
        {
            throw new UsageException(
                $"Invalid number of arguments. Expected {positions.Length - 1} or {positions.Length} positional arguments, but got {args.Length}. "
                + $"Usage: {string.Join(' ', positions[..^1])} [optional] {positions[^1]}");
        }
        Output.WriteLine(warning);
        return Parse(options, [.. args.Select((value, i) => $"--{positions[i]}={value}")]);
    }

    Parsed? Parse(OptionSet options, string[] args)
    {
        options.Flag("help", "Print usage information.");
        options.Flag("version", "Display the version.");
        if (args.Length == 0 && !options.WorksWithoutArguments)
        {
            options.WriteHelp(Error);
            throw new UsageException($"{name} needs options.");
        }
        var parsed = options.Parse(args);
        if (parsed.Has("help"))
        {
            options.WriteHelp(Output);
            return null;
        }
        if (!parsed.Has("version")) return parsed;
        Output.WriteLine($"AkkaStream {typeof(ToolContext).Assembly.GetName().Version?.ToString(3)} (as Kafka 4.3.1)");
        return null;
    }

    /// <summary>Properties of a file, then those of the command line, then the servers.</summary>
    public Dictionary<string, string> Properties(Parsed parsed, string? fileOption, string? propertyOption, string servers = "bootstrap-server")
    {
        var properties = new Dictionary<string, string>();
        if (fileOption is not null && parsed.Text(fileOption) is { } path)
            foreach (var (key, value) in ClientProperties.Load(path)) properties[key] = value;
        if (propertyOption is not null)
            foreach (string pair in parsed.All(propertyOption)) Add(properties, pair, propertyOption);
        if (parsed.Text(servers) is { } bootstrap) properties["bootstrap.servers"] = bootstrap;
        return properties;
    }

    /// <summary>One name=value; a name alone has an empty value.</summary>
    public static void Add(Dictionary<string, string> properties, string pair, string option)
    {
        int equals = pair.IndexOf('=');
        string key = (equals < 0 ? pair : pair[..equals]).Trim();
        if (key.Length == 0) throw new UsageException($"Invalid command line properties: '{pair}' of --{option} is not name=value");
        properties[key] = equals < 0 ? "" : pair[(equals + 1)..];
    }

    /// <summary>Settings all clients share: where the log goes, who we are.</summary>
    public ClientSettings Prepare(ClientSettings settings)
    {
        foreach (string unknown in settings.UnknownProperties)
            Error.WriteLine($"WARN The configuration '{unknown}' was supplied but is not a known config.");
        return settings with { Log = new StderrLog(Error), Time = io.Time };
    }

    /// <summary>An admin client as --bootstrap-server and --command-config describe it.</summary>
    public Admin Admin(Parsed parsed, string fileOption = "command-config", string servers = "bootstrap-server")
    {
        var properties = Properties(parsed, fileOption, null, servers);
        // Brokers name it where they tell who changed something.
        properties.TryAdd("client.id", name);
        var settings = AdminSettings.FromProperties(properties);
        return new Admin(settings with { Client = Prepare(settings.Client) });
    }

    /// <summary>The servers, or the complaint that there are none.</summary>
    public static void RequireServers(Parsed parsed, string servers = "bootstrap-server")
    {
        if (!parsed.Has(servers)) throw new UsageException(
            $"Missing required argument \"[{servers}]\": name a broker, for example --{servers} localhost:9092");
    }
}
