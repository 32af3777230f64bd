using AkkaStream.Client;
using AkkaStream.Client.Administration;
using AkkaStream.Cli.Options;
using AkkaStream.Protocol;

namespace AkkaStream.Cli.Tools;

/// <summary>kafka-configs: configs of topics, brokers, loggers, groups, client metrics; quotas of users, clients, addresses; SCRAM users.</summary>
static partial class ConfigsTool
{
    const string Topics = "topics", Brokers = "brokers", Loggers = "broker-loggers", Groups = "groups", Metrics = "client-metrics";
    const string Users = "users", Clients = "clients", Ips = "ips";

    // Each of these names a type and an entity at once.
    static readonly (string Option, string Type, bool IsDefault)[] Short =
    [
        ("topic", Topics, false), ("broker", Brokers, false), ("broker-defaults", Brokers, true), ("broker-logger", Loggers, false),
        ("group", Groups, false), ("client-metrics", Metrics, false), ("user", Users, false), ("user-defaults", Users, true),
        ("client", Clients, false), ("client-defaults", Clients, true), ("ip", Ips, false), ("ip-defaults", Ips, true),
    ];

    static OptionSet Options()
    {
        var options = new OptionSet("configs",
            "Manipulate and describe entity config for a topic, client, user, broker, ip, client-metrics or group.")
            .Value("bootstrap-server", "HOST:PORT", "REQUIRED: The server(s) to connect to.")
            .Value("command-config", "FILE", "Property file containing configs to be passed to the admin client.")
            .Flag("alter", "Alter the configuration for the entity.")
            .Flag("describe", "List configs for the given entity.")
            .Flag("all", "With --describe: also what is not set for the entity itself.")
            .Values("entity-type", "TYPE", "topics, brokers, broker-loggers, groups, client-metrics, users, clients or ips.")
            .Values("entity-name", "NAME", "Name of the entity.")
            .Add(new Option("entity-default", Takes.Nothing, "The default of the entity type.") { Repeats = true })
            .Value("add-config", "LIST", "Configs to set: k1=v1,k2=[v1,v2],k3=v3. Users: SCRAM-SHA-256=[iterations=8192,password=pw].")
            .Value("add-config-file", "FILE", "Properties file with configs to set.")
            .Value("delete-config", "LIST", "Configs that are no longer set: k1,k2.")
            .Flag("force", "Without effect.")
            .Refused("bootstrap-controller", Takes.Value,
                "--bootstrap-controller: there is no listener for controllers here; write --bootstrap-server.");
        foreach (var (option, type, isDefault) in Short)
        {
            if (isDefault) options.Flag(option, $"The default of {type}.");
            else options.Value(option, "NAME", $"The same as --entity-type {type} --entity-name NAME.");
        }
        return options;
    }

    public static async Task<int> RunAsync(ToolContext context)
    {
        if (context.Parse(Options()) is not { } parsed) return 0;
        if (parsed.Count("alter", "describe") != 1) throw new UsageException("Command must include exactly one action: --describe, --alter");
        ToolContext.RequireServers(parsed);
        var entities = EntitiesOf(parsed);
        Check(parsed, entities);
        await using var admin = context.Admin(parsed);
        try
        {
            if (parsed.Has("alter")) await AlterAsync(context, parsed, admin, entities).ConfigureAwait(false);
            else await DescribeAsync(context, parsed, admin, entities).ConfigureAwait(false);
            return 0;
        }
        catch (KafkaException e)
        {
            context.Error.WriteLine($"Error while executing config command: {e.Reason} ({ErrorCodes.NameOf(e.Error)})");
            return 1;
        }
    }

    /// <summary>A type, and a name: null means all of the type, empty means their default.</summary>
    readonly record struct Entity(string Type, string? Name)
    {
        public bool IsDefault => Name is { Length: 0 };

        /// <summary>As texts call one of it.</summary>
        public string Single => Type[..^1];
    }

    /// <summary>Options pair up in the order in which they stand: each type with the next name or default.</summary>
    static List<Entity> EntitiesOf(Parsed parsed)
    {
        var entities = new List<Entity>();
        foreach (var (option, type, isDefault) in Short)
            if (parsed.Has(option)) entities.Add(new Entity(type, isDefault ? "" : parsed.Text(option)));
        var types = new Queue<string>(parsed.All("entity-type"));
        foreach (var (option, value) in parsed.InOrder)
        {
            if (option is not ("entity-name" or "entity-default")) continue;
            if (!types.TryDequeue(out var type)) throw new UsageException($"--{option} needs an --entity-type");
            entities.Add(new Entity(type, option == "entity-default" ? "" : value));
        }
        while (types.TryDequeue(out var rest)) entities.Add(new Entity(rest, null));
        return entities;
    }

    static void Check(Parsed parsed, List<Entity> entities)
    {
        if (entities.Count == 0) throw new UsageException("At least one entity type must be specified: for example --entity-type topics");
        string[] known = [Topics, Brokers, Loggers, Groups, Metrics, Users, Clients, Ips];
        foreach (var entity in entities)
        {
            if (!known.Contains(entity.Type))
                throw new UsageException($"Invalid entity type {entity.Type}, the entity type must be one of {string.Join(", ", known)}");
            if (entity.Type is Brokers or Loggers && entity.Name is { Length: > 0 } id && !int.TryParse(id, out _))
                throw new UsageException($"The entity name for {entity.Type} must be a valid integer broker id, but it is: {id}");
        }
        bool pair = entities.Count == 2 && entities.Exists(e => e.Type == Users) && entities.Exists(e => e.Type == Clients);
        if (entities.Count > 1 && !pair) throw new UsageException("Only entity types 'users' and 'clients' may be specified together");
        if (!parsed.Has("alter")) return;
        if (entities.Exists(e => e.Name is null))
            throw new UsageException(
                "an entity-name or default entity must be specified with --alter of " + string.Join(",", entities.Select(e => e.Type)));
        if (parsed.Count("add-config", "add-config-file", "delete-config") == 0)
            throw new UsageException("At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter");
        if (parsed.Count("add-config", "add-config-file") == 2)
            throw new UsageException("Only one of --add-config or --add-config-file must be specified");
    }

    static ConfigResource ResourceOf(Entity entity) => new(
        entity.Type switch
        {
            Topics => ConfigResourceType.Topic,
            Brokers => ConfigResourceType.Broker,
            Loggers => ConfigResourceType.BrokerLogger,
            Groups => ConfigResourceType.Group,
            _ => ConfigResourceType.ClientMetrics,
        }, entity.Name ?? "");

    static bool IsQuota(List<Entity> entities) => entities[0].Type is Users or Clients or Ips;

    static async Task AlterAsync(ToolContext context, Parsed parsed, Admin admin, List<Entity> entities)
    {
        var added = parsed.Text("add-config-file") is { } file ? ClientProperties.Load(file)
            : parsed.Text("add-config") is { } text ? ParseAdded(text) : [];
        string[] deleted = parsed.Text("delete-config")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (IsQuota(entities))
        {
            await AlterQuotasAsync(context, admin, entities, added, deleted).ConfigureAwait(false);
        }
        else
        {
            List<ConfigAlteration> changes =
            [
                .. added.Select(a => new ConfigAlteration(a.Key, ConfigChange.Set, a.Value)),
                .. deleted.Select(d => new ConfigAlteration(d, ConfigChange.Delete, null)),
            ];
            var resource = ResourceOf(entities[0]);
            var result = await admin.AlterConfigsAsync(
                new Dictionary<ConfigResource, IReadOnlyList<ConfigAlteration>> { [resource] = changes }, cancel: context.Stop).ConfigureAwait(false);
            foreach (var (_, outcome) in result) outcome.Get();
        }
        if (IsQuota(entities) && entities.Count == 2) return;
        context.Output.WriteLine(entities[0].IsDefault
            ? $"Completed updating default config for {entities[0].Type} in the cluster."
            : $"Completed updating config for {entities[0].Single} {entities[0].Name}.");
    }

    /// <summary>k1=v1,k2=[v1,v2]: commas within brackets belong to the value.</summary>
    static Dictionary<string, string> ParseAdded(string text)
    {
        var result = new Dictionary<string, string>();
        int start = 0, depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '[') depth++;
            if (i < text.Length && text[i] == ']') depth--;
            if (i < text.Length && (text[i] != ',' || depth > 0)) continue;
            string pair = text[start..i].Trim();
            start = i + 1;
            if (pair.Length == 0) continue;
            int equals = pair.IndexOf('=');
            if (equals <= 0)
            {
                throw new ToolFailedException("requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\" "
                    + "or \"key=[val1,val2]\" to group values which contain commas.");
            }
            result[pair[..equals].Trim()] = pair[(equals + 1)..].Trim().TrimStart('[').TrimEnd(']');
        }
        return result;
    }

    static async Task DescribeAsync(ToolContext context, Parsed parsed, Admin admin, List<Entity> entities)
    {
        if (IsQuota(entities))
        {
            await DescribeQuotasAsync(context, admin, entities).ConfigureAwait(false);
            return;
        }
        var wanted = entities[0];
        var all = await ExistingAsync(context, admin, wanted).ConfigureAwait(false);
        if (wanted is { Name.Length: > 0, Type: Topics or Groups or Metrics } && !all.Contains(wanted))
        {
            context.Output.WriteLine($"The {wanted.Single} '{wanted.Name}' doesn't exist and doesn't have dynamic config.");
            return;
        }
        foreach (var entity in wanted.Name is null ? all : [wanted])
        {
            var resource = ResourceOf(entity);
            var result = await admin.DescribeConfigsAsync([resource], includeSynonyms: true, cancel: context.Stop).ConfigureAwait(false);
            context.Output.WriteLine(entity.IsDefault
                ? $"Default configs for {entity.Type} in the cluster are:"
                : $"{(parsed.Has("all") ? "All" : "Dynamic")} configs for {entity.Single} {entity.Name} are:");
            foreach (var entry in result[resource].Get().OrderBy(e => e.Name, StringComparer.Ordinal))
                if (parsed.Has("all") || OwnSource(entity) is not { } source || entry.Source == source) Write(context, entry);
        }
    }

    static ConfigSource? OwnSource(Entity entity) => entity.Type switch
    {
        Topics => ConfigSource.Topic,
        Brokers => entity.IsDefault ? ConfigSource.DefaultBroker : ConfigSource.Broker,
        Groups => ConfigSource.Group,
        Metrics => ConfigSource.ClientMetrics,
        _ => null,
    };

    static void Write(ToolContext context, ConfigEntry entry)
    {
        var synonyms = entry.Synonyms.Select(s => $"{NameOf(s.Source)}:{s.Name}={s.Value ?? "null"}");
        context.Output.WriteLine(
            $"  {entry.Name}={entry.Value ?? "null"} sensitive={(entry.IsSensitive ? "true" : "false")} synonyms={{{string.Join(", ", synonyms)}}}");
    }

    static string NameOf(ConfigSource source) => source switch
    {
        ConfigSource.Topic => "DYNAMIC_TOPIC_CONFIG",
        ConfigSource.Broker => "DYNAMIC_BROKER_CONFIG",
        ConfigSource.DefaultBroker => "DYNAMIC_DEFAULT_BROKER_CONFIG",
        ConfigSource.StaticBroker => "STATIC_BROKER_CONFIG",
        ConfigSource.Default => "DEFAULT_CONFIG",
        ConfigSource.BrokerLogger => "DYNAMIC_BROKER_LOGGER_CONFIG",
        ConfigSource.ClientMetrics => "DYNAMIC_CLIENT_METRICS_CONFIG",
        ConfigSource.Group => "DYNAMIC_GROUP_CONFIG",
        _ => "UNKNOWN",
    };

    static async Task<List<Entity>> ExistingAsync(ToolContext context, Admin admin, Entity wanted)
    {
        switch (wanted.Type)
        {
            case Topics:
                return [.. (await admin.ListTopicsAsync(true, context.Stop).ConfigureAwait(false)).Select(t => new Entity(Topics, t.Name))];
            case Brokers:
                var cluster = await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false);
                return [.. cluster.Brokers.Select(b => new Entity(Brokers, $"{b.Id}")), new Entity(Brokers, "")];
            case Loggers:
                var loggers = await admin.DescribeClusterAsync(cancel: context.Stop).ConfigureAwait(false);
                return [.. loggers.Brokers.Select(b => new Entity(Loggers, $"{b.Id}"))];
            case Groups:
                var names = (await admin.ListConfigResourcesAsync(ConfigResourceType.Group, context.Stop).ConfigureAwait(false)).Select(r => r.Name)
                    .Concat((await admin.ListGroupsAsync(cancel: context.Stop).ConfigureAwait(false)).Select(g => g.GroupId));
                return [.. names.Distinct().Order(StringComparer.Ordinal).Select(n => new Entity(Groups, n))];
            default:
                var metrics = await admin.ListConfigResourcesAsync(ConfigResourceType.ClientMetrics, context.Stop).ConfigureAwait(false);
                return [.. metrics.Select(r => new Entity(Metrics, r.Name))];
        }
    }
}
