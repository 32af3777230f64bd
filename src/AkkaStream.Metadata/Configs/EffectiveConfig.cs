namespace AkkaStream.Metadata.Configs;

/// <summary>
/// What is in force, and why: the answers to DescribeConfigs, as Kafka gives them, and the values that other code
/// reads. Precedence: the topic's or group's own, then the broker's layers. Pure; used by the request handlers.
/// </summary>
public static class EffectiveConfig
{
    /// <summary>Names that are asked for; all when there are none.</summary>
    public static List<ConfigEntry> DescribeTopic(
        BrokerLayers broker, IReadOnlyDictionary<string, string> overrides,
        IReadOnlyCollection<string>? names = null) =>
        Describe(ConfigTable.Topic, broker, overrides, ConfigSource.Topic, names);

    public static List<ConfigEntry> DescribeGroup(
        BrokerLayers broker, IReadOnlyDictionary<string, string> overrides,
        IReadOnlyCollection<string>? names = null) =>
        Describe(ConfigTable.Group, broker, overrides, ConfigSource.Group, names);

    public static List<ConfigEntry> DescribeClientMetrics(
        IReadOnlyDictionary<string, string> values, IReadOnlyCollection<string>? names = null) =>
        Describe(ConfigTable.ClientMetrics, new BrokerLayers(), values, ConfigSource.ClientMetrics, names);

    /// <summary>One broker: all that Kafka knows, and all that is set.</summary>
    public static List<ConfigEntry> DescribeBroker(BrokerLayers broker, IReadOnlyCollection<string>? names = null)
    {
        var entries = new List<ConfigEntry>();
        foreach (var name in BrokerNames(broker))
        {
            if (!IsWanted(name, names)) continue;
            var synonyms = broker.SynonymsOf(name);
            entries.Add(BrokerEntry(name, ShownValue(broker, name), synonyms));
        }

        return entries;
    }

    /// <summary>The values set for all brokers together.</summary>
    public static List<ConfigEntry> DescribeBrokerDefault(
        BrokerLayers broker, IReadOnlyCollection<string>? names = null)
    {
        var shared = new BrokerLayers(clusterDefault: broker.ClusterDefault);
        var entries = new List<ConfigEntry>();
        foreach (var name in broker.ClusterDefault.Keys.Order(StringComparer.Ordinal))
        {
            if (!IsWanted(name, names)) continue;
            var synonyms = shared.SynonymsOf(name).FindAll(s => s.Source == ConfigSource.DynamicDefaultBroker);
            entries.Add(BrokerEntry(name, ShownValue(shared, name), synonyms));
        }

        return entries;
    }

    /// <summary>
    /// A topic's or group's value in force; null when neither it nor its synonyms nor a default give one.
    /// </summary>
    public static ConfigValue? ValueOf(
        ConfigKey key, BrokerLayers broker, IReadOnlyDictionary<string, string> overrides) =>
        overrides.TryGetValue(key.Name, out var own) ? key.Parse(own) : broker.Inherited(key) ?? key.DefaultValue;

    static List<ConfigEntry> Describe(
        ConfigTable table, BrokerLayers broker, IReadOnlyDictionary<string, string> overrides, ConfigSource ownSource,
        IReadOnlyCollection<string>? names)
    {
        var entries = new List<ConfigEntry>();
        foreach (var key in table.Keys)
        {
            if (!IsWanted(key.Name, names) || (key.IsInternal && !overrides.ContainsKey(key.Name))) continue;
            var value = ValueOf(key, broker, overrides)?.Text;
            var synonyms = key.Synonyms.Count > 0 ? broker.SynonymsOf(key.Synonyms[0]) : OwnDefault(key, ownSource);
            if (overrides.ContainsKey(key.Name)) synonyms.Insert(0, new ConfigSynonym(key.Name, value, ownSource));
            var source = synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default;
            entries.Add(new ConfigEntry(key.Name, value, source, false, false, key.Type, key.Words, synonyms));
        }

        return entries;
    }

    /// <summary>Of configs without a broker's synonym only those of groups tell their default as a synonym.</summary>
    static List<ConfigSynonym> OwnDefault(ConfigKey key, ConfigSource ownSource) =>
        ownSource != ConfigSource.Group || key.Default is null ? []
            : [new ConfigSynonym(key.Name, key.Default, ConfigSource.Default)];

    static ConfigEntry BrokerEntry(string name, string? value, List<ConfigSynonym> synonyms)
    {
        var key = ConfigTable.FindBroker(name);
        var isReadOnly = key is null || key.Name != name || key.UpdateMode == ConfigUpdateMode.ReadOnly;
        return new ConfigEntry(
            name, value, synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default, isReadOnly,
            key is null || key.IsSensitive, key?.Type ?? ConfigType.Unknown, key?.Words ?? "", synonyms);
    }

    /// <summary>What nobody knows might be a secret, so it is shown as one.</summary>
    static string? ShownValue(BrokerLayers broker, string name) =>
        ConfigTable.FindBroker(name) is { IsSensitive: false } ? broker.ValueOf(name)?.Text : null;

    static IEnumerable<string> BrokerNames(BrokerLayers broker)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var key in ConfigTable.Broker.Keys)
        {
            if (!key.IsInternal) names.Add(key.Name);
        }

        names.UnionWith(broker.Static.Keys);
        names.UnionWith(broker.ClusterDefault.Keys);
        names.UnionWith(broker.Broker.Keys);
        return names;
    }

    static bool IsWanted(string name, IReadOnlyCollection<string>? names) =>
        names is null or { Count: 0 } || names.Contains(name);
}
