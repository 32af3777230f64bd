namespace AkkaStream.Metadata.Configs;

/// <summary>
/// Every config Kafka knows and what AkkaStream adds, in four tables. The one source for what may be set, with which
/// values, and what DescribeConfigs tells; tested field by field against Kafka 4.3.1. Used by the request handlers for
/// configs, by Server for the names in a properties file, and by the tools. Immutable, made on first use.
/// </summary>
public sealed class ConfigTable
{
    readonly Dictionary<string, ConfigKey> _byName;

    ConfigTable(ConfigKey[] own, params ReadOnlySpan<ConfigKey[]> groups)
    {
        foreach (var key in own) key.IsOwn = true;
        var keys = new List<ConfigKey>(own);
        foreach (var group in groups) keys.AddRange(group);
        keys.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        _byName = new Dictionary<string, ConfigKey>(keys.Count);
        foreach (var key in keys) _byName.Add(key.Name, key);
        Keys = keys;
    }

    public static ConfigTable Topic { get; } = new(OwnConfigs.Topic, TopicConfigs.Rows);

    public static ConfigTable Broker { get; } = new(OwnConfigs.Broker,
        BrokerLogConfigs.Rows, BrokerNetConfigs.Rows, BrokerNodeConfigs.Rows, BrokerQuorumConfigs.Rows,
        BrokerReplicationConfigs.Rows, BrokerRequestsConfigs.Rows, BrokerQuotasConfigs.Rows, BrokerGroupsConfigs.Rows,
        BrokerShareConfigs.Rows, BrokerTransactionsConfigs.Rows, BrokerRemoteConfigs.Rows, BrokerSecurityConfigs.Rows,
        BrokerOAuthConfigs.Rows, BrokerSslConfigs.Rows);

    /// <summary>Broker settings that exist only while set: they are no part of a file and have no default.</summary>
    public static ConfigTable BrokerDynamicOnly { get; } = new([], BrokerDynamicConfigs.Rows);

    public static ConfigTable Group { get; } = new([], GroupConfigs.Rows);

    public static ConfigTable ClientMetrics { get; } = new([], ClientMetricsConfigs.Rows);

    /// <summary>By name, in order.</summary>
    public IReadOnlyList<ConfigKey> Keys { get; }

    public ConfigKey? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A broker setting, also one that is meant for one listener only.</summary>
    public static ConfigKey? FindBroker(string name)
    {
        var plain = ListenerConfigs.PlainName(name);
        return Broker.Find(plain) ?? BrokerDynamicOnly.Find(plain);
    }
}
