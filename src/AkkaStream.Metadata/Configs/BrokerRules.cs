namespace AkkaStream.Metadata.Configs;

/// <summary>
/// What a change of broker configs must fulfil while brokers run: only what may change may change, at the level where
/// it may, to valid values that go together. The texts are Kafka's where Kafka's are clear. Pure.
/// </summary>
public static class BrokerRules
{
    static readonly string[] SharedByListeners =
        ["max.connection.creation.rate", "max.connections", "num.network.threads"];

    /// <param name="layers">As they would be after the change.</param>
    /// <param name="changed">All dynamic configs of the level that changes, as they would be.</param>
    /// <param name="isDefault">Whether the change is for all brokers.</param>
    /// <returns>Null when all is well, otherwise why not.</returns>
    public static string? Check(BrokerLayers layers, IReadOnlyDictionary<string, string> changed, bool isDefault) =>
        Named("Cannot update these configs dynamically", changed, IsReadOnly)
        ?? Named("These security configs can be dynamically updated only per-listener using the listener prefix",
            changed, NeedsListener)
        ?? CheckValues(changed)
        ?? (isDefault ? Named("Cannot update these configs at default cluster level, broker id must be specified",
            changed, IsPerBroker) : null)
        ?? CheckTogether(layers);

    static string? Named(string problem, IReadOnlyDictionary<string, string> changed, Func<string, bool> isWrong)
    {
        var names = changed.Keys.Where(isWrong).Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? null : $"{problem}: {JavaText.Show(names)}";
    }

    static bool IsReadOnly(string name) =>
        ConfigTable.Broker.Find(name) is { UpdateMode: ConfigUpdateMode.ReadOnly };

    static bool NeedsListener(string name) =>
        name.StartsWith("ssl.", StringComparison.Ordinal)
        && ConfigTable.Broker.Find(name) is { UpdateMode: ConfigUpdateMode.PerBroker };

    static bool IsPerBroker(string name) =>
        ConfigTable.Broker.Find(name) is { UpdateMode: ConfigUpdateMode.PerBroker }
        || (ListenerConfigs.IsForListener(name) && !SharedByListeners.Contains(ListenerConfigs.PlainName(name)));

    static string? CheckValues(IReadOnlyDictionary<string, string> changed)
    {
        foreach (var name in changed.Keys.Order(StringComparer.Ordinal))
        {
            if (ConfigTable.FindBroker(name) is { } key && !key.TryParse(changed[name], out _, out var error))
                return error;
        }

        return null;
    }

    static string? CheckTogether(BrokerLayers layers) =>
        CheckLogs(layers)
        ?? CheckAddresses(layers)
        ?? CheckCordoned(layers)
        ?? TopicRules.CheckLocalRetention("log.local.retention.ms", "log.retention.ms", name => TimeOf(layers, name))
        ?? TopicRules.CheckLocalRetention("log.local.retention.bytes", "log.retention.bytes", layers.NumberOf);

    internal static string? CheckLogs(BrokerLayers layers)
    {
        if (layers.ValueOf("log.roll.ms") is { Number: < 1 }) return "log.roll.ms must be greater than or equal to 1";
        if (layers.ValueOf("log.roll.jitter.ms") is { Number: < 0 })
            return "log.roll.jitter.ms must be greater than or equal to 0";
        if (TimeOf(layers, "log.retention.ms") == 0)
            return "log.retention.ms must be unlimited (-1) or, greater than or equal to 1";
        var cleaners = layers.NumberOf("log.cleaner.threads");
        if (cleaners == 0) return ConfigValue.Refusal("log.cleaner.threads", "0", "Value must be at least 1");
        return layers.NumberOf("log.cleaner.dedupe.buffer.size") / cleaners > 1024 * 1024 ? null
            : "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.";
    }

    static long TimeOf(BrokerLayers layers, string name)
    {
        if (name != "log.retention.ms") return layers.NumberOf(name);
        var retention = layers.ValueOf(ConfigTable.Broker.Find(name)?.Synonyms ?? [])?.Number ?? -1;
        return Math.Max(retention, -1);
    }

    internal static string? CheckAddresses(BrokerLayers layers)
    {
        const string name = "max.connections.per.ip.overrides";
        const StringSplitOptions options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var items = (layers.ValueOf(name)?.Text ?? "").Split(',', options);
        if (items.Length == 0 && layers.NumberOf("max.connections.per.ip") == 0)
            return $"max.connections.per.ip can be set to zero only if {name} property is set.";
        foreach (var item in items)
        {
            var colon = item.LastIndexOf(':');
            if (colon <= 0 || !int.TryParse(item.AsSpan(colon + 1), out _))
                return $"Error parsing configuration property '{name}': {item} is not of the form address:number";
        }

        return null;
    }

    internal static string? CheckCordoned(BrokerLayers layers)
    {
        var cordoned = layers.ValueOf("cordoned.log.dirs")?.Items ?? [];
        if (cordoned.Count == 0 || cordoned is ["*"]) return null;
        if (cordoned.Contains("*")) return "When cordoned.log.dirs is set to *, it must not contain other values";
        var directories = layers.ValueOf(["log.dirs", "log.dir"])?.Items ?? [];
        var missing = cordoned.Except(directories).ToList();
        return missing.Count == 0 ? null : "All entries in cordoned.log.dirs must be present in log.dirs or log.dir. " +
            $"Missing entries : {string.Join(", ", missing)}";
    }
}
