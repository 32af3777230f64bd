namespace AkkaStream.Metadata.Configs;

/// <summary>
/// A broker's configs in Kafka's order of precedence: set for this broker while it runs, set for all brokers while they
/// run, from the file and the command line, default. Immutable: a change makes a new one. All values were checked when
/// they were set.
/// </summary>
public sealed class BrokerLayers
{
    static readonly Dictionary<string, string> Nothing = [];

    /// <summary>What topics and groups inherit, looked up once: a broker may hold many thousand topics.</summary>
    readonly Lazy<Dictionary<ConfigKey, ConfigValue?>> _inherited;

    public BrokerLayers(
        IReadOnlyDictionary<string, string>? fromFile = null,
        IReadOnlyDictionary<string, string>? clusterDefault = null,
        IReadOnlyDictionary<string, string>? broker = null)
    {
        Static = WithBothIds(fromFile ?? Nothing);
        ClusterDefault = clusterDefault ?? Nothing;
        Broker = broker ?? Nothing;
        _inherited = new Lazy<Dictionary<ConfigKey, ConfigValue?>>(LookUpInherited);
    }

    public IReadOnlyDictionary<string, string> Static { get; }
    public IReadOnlyDictionary<string, string> ClusterDefault { get; }
    public IReadOnlyDictionary<string, string> Broker { get; }

    /// <summary>The value in force of one config, without its synonyms; null when it has none.</summary>
    public ConfigValue? ValueOf(string name)
    {
        var text = Broker.GetValueOrDefault(name) ?? ClusterDefault.GetValueOrDefault(name)
            ?? Static.GetValueOrDefault(name) ?? DefaultOf(name);
        return text is not null && ConfigTable.FindBroker(name) is { } key ? key.Parse(text) : null;
    }

    public long NumberOf(string name) =>
        ValueOf(name)?.Number ?? throw new ArgumentException($"the broker config {name} has no value");

    public double RealOf(string name) =>
        ValueOf(name)?.Real ?? throw new ArgumentException($"the broker config {name} has no value");

    /// <summary>
    /// A value under the first of several names that has one, turned into milliseconds where the name counts in a
    /// coarser unit: log.retention.hours is a synonym of log.retention.ms.
    /// </summary>
    public ConfigValue? ValueOf(IReadOnlyList<string> synonyms)
    {
        foreach (var name in synonyms)
        {
            if (ValueOf(name) is not { } value) continue;
            var factor = name.EndsWith(".hours", StringComparison.Ordinal) ? 3_600_000
                : name.EndsWith(".minutes", StringComparison.Ordinal) ? 60_000 : 1;
            return factor == 1 ? value : ConfigValue.OfNumber(value.Number * factor);
        }

        return null;
    }

    /// <summary>The value of a topic or group that does not set it.</summary>
    internal ConfigValue? Inherited(ConfigKey key) => _inherited.Value.GetValueOrDefault(key);

    Dictionary<ConfigKey, ConfigValue?> LookUpInherited()
    {
        var values = new Dictionary<ConfigKey, ConfigValue?>();
        foreach (var table in (ConfigTable[])[ConfigTable.Topic, ConfigTable.Group])
        {
            foreach (var key in table.Keys) values.Add(key, LookUpInherited(key));
        }

        return values;
    }

    ConfigValue? LookUpInherited(ConfigKey key)
    {
        var inherited = ValueOf(key.Synonyms);
        if (inherited is null) return key.DefaultValue;

        // Any negative time means for ever.
        return key.Name == "retention.ms" && inherited.Number < 0 ? ConfigValue.OfNumber(-1) : inherited;
    }

    /// <summary>Every place where a config or one of its synonyms is set, the one in force first.</summary>
    internal List<ConfigSynonym> SynonymsOf(string name)
    {
        var names = NamesLike(name);
        var found = new List<ConfigSynonym>();
        Add(Broker.GetValueOrDefault, ConfigSource.DynamicBroker);
        Add(ClusterDefault.GetValueOrDefault, ConfigSource.DynamicDefaultBroker);
        Add(Static.GetValueOrDefault, ConfigSource.StaticBroker);
        Add(DefaultOf, ConfigSource.Default);

        // Kafka's answer begins with the config itself: coarser units and the plain name count only behind it.
        var first = found.FindIndex(synonym => synonym.Name == name);
        return first < 0 ? [] : found[first..];

        void Add(Func<string, string?> layer, ConfigSource source)
        {
            foreach (var candidate in names)
            {
                if (layer(candidate) is { } value)
                    found.Add(new ConfigSynonym(candidate, IsShown(candidate) ? value : null, source));
            }
        }
    }

    static bool IsShown(string name) => ConfigTable.FindBroker(name) is { IsSensitive: false };

    static IReadOnlyList<string> NamesLike(string name)
    {
        var plain = ListenerConfigs.PlainName(name);
        if (plain != name) return [name, plain];
        return ConfigTable.Broker.Find(name)?.Synonyms is { Count: > 0 } synonyms ? synonyms : [name];
    }

    static string? DefaultOf(string name) => ConfigTable.Broker.Find(name)?.Default;

    /// <summary>broker.id and node.id are one and the same.</summary>
    static IReadOnlyDictionary<string, string> WithBothIds(IReadOnlyDictionary<string, string> values)
    {
        var node = values.GetValueOrDefault("node.id");
        var broker = values.GetValueOrDefault("broker.id");
        if (node is null == broker is null) return values;
        return new Dictionary<string, string>(values)
        {
            ["node.id"] = node ?? broker ?? "",
            ["broker.id"] = broker ?? node ?? "",
        };
    }
}
