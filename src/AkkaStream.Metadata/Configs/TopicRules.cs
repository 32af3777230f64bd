namespace AkkaStream.Metadata.Configs;

/// <summary>
/// What a topic's configs must fulfil together: known names, valid values, and no contradictions, also with what comes
/// from the broker. Asked before a topic is created or changed. The texts are Kafka's, since clients see them. Pure.
/// </summary>
public static class TopicRules
{
    /// <param name="broker">Where the values come from that the topic does not set.</param>
    /// <param name="before">What the topic sets so far; nothing for a new one.</param>
    /// <param name="after">What it would set.</param>
    /// <param name="tieredStorage">Whether brokers take part in tiering.</param>
    /// <returns>Null when all is well, otherwise why not.</returns>
    public static string? Check(
        BrokerLayers broker, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after,
        bool tieredStorage = false)
    {
        foreach (var name in after.Keys)
        {
            if (ConfigTable.Topic.Find(name) is null) return $"Unknown topic config name: {name}";
        }

        foreach (var key in ConfigTable.Topic.Keys)
        {
            if (after.TryGetValue(key.Name, out var text) && !key.TryParse(text, out _, out var error)) return error;
        }

        var values = new Values(broker, after);
        var (least, most) = (values.Number("min.compaction.lag.ms"), values.Number("max.compaction.lag.ms"));
        if (least > most)
            return $"conflict topic config setting min.compaction.lag.ms ({least}) > max.compaction.lag.ms ({most})";

        return CheckTiering(values, new Values(broker, before), tieredStorage);
    }

    static string? CheckTiering(Values after, Values before, bool tieredStorage)
    {
        if (!after.Flag("remote.storage.enable"))
        {
            if (!before.Flag("remote.storage.enable") || after.Flag("remote.log.delete.on.disable")) return null;
            return "It is invalid to disable remote storage without deleting remote data. " +
                "If you want to keep the remote data and turn to read only, please set " +
                "`remote.storage.enable=true,remote.log.copy.disable=true`. " +
                "If you want to disable remote storage and delete all remote data, please set " +
                "`remote.storage.enable=false,remote.log.delete.on.disable=true`.";
        }

        if (!tieredStorage)
        {
            return "Tiered Storage functionality is disabled in the broker. " +
                "Topic cannot be configured with remote log storage.";
        }

        if (after.Items("cleanup.policy") is not ([] or ["delete"]))
        {
            return "Remote log storage only supports topics with cleanup.policy=delete " +
                "or cleanup.policy being an empty list.";
        }

        return CheckLocalRetention("local.retention.bytes", "retention.bytes", after.Number)
            ?? CheckLocalRetention("local.retention.ms", "retention.ms", after.Number)
            ?? (after.Flag("remote.log.copy.disable") ? CheckSameRetention(after) : null);
    }

    /// <summary>
    /// What stays on local disk cannot outlive the topic's data. -1 is for ever, -2 follows the topic.
    /// </summary>
    internal static string? CheckLocalRetention(string localName, string name, Func<string, long> numberOf)
    {
        var local = numberOf(localName);
        var all = numberOf(name);
        if (all == -1 || local == -2) return null;
        if (local == -1)
            return ConfigValue.Refusal(localName, "-1", $"Value must not be -1 as {name} value is set as {all}.");
        return local <= all ? null
            : ConfigValue.Refusal(localName, $"{local}", $"Value must not be more than {name} property value: {all}");
    }

    static string? CheckSameRetention(Values values)
    {
        foreach (var unit in (ReadOnlySpan<string>)["bytes", "ms"])
        {
            var local = values.Number($"local.retention.{unit}");
            if (local == -2 || local == values.Number($"retention.{unit}")) continue;
            return "When `remote.log.copy.disable` is set to true, the " +
                $"`local.retention.{unit}` and `retention.{unit}` must be set to the identical value " +
                "because there will be no more logs copied to the remote storage.";
        }

        return null;
    }

    readonly struct Values(BrokerLayers broker, IReadOnlyDictionary<string, string> overrides)
    {
        public long Number(string name) => Of(name)?.Number ?? 0;

        public bool Flag(string name) => Of(name)?.Flag ?? false;

        public IReadOnlyList<string> Items(string name) => Of(name)?.Items ?? [];

        ConfigValue? Of(string name) =>
            ConfigTable.Topic.Find(name) is { } key ? EffectiveConfig.ValueOf(key, broker, overrides) : null;
    }
}
