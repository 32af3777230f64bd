namespace AkkaStream.Metadata.Configs;

/// <summary>What a group's configs must fulfil: known names, valid values, and the broker's limits. Pure.</summary>
public static class GroupRules
{
    /// <summary>In the order in which Kafka looks; the limits are broker settings.</summary>
    static readonly (string Name, string? Min, string? Max)[] Limits =
    [
        Between("consumer", "heartbeat.interval.ms"),
        Between("consumer", "session.timeout.ms"),
        Between("consumer", "assignment.interval.ms"),
        Between("share", "heartbeat.interval.ms"),
        Between("share", "session.timeout.ms"),
        Between("share", "record.lock.duration.ms"),
        Between("share", "delivery.count.limit"),
        ("share.partition.max.record.locks", "group.share.min.partition.max.record.locks",
            "group.share.max.partition.max.record.locks"),
        Between("share", "assignment.interval.ms"),
        Between("streams", "heartbeat.interval.ms"),
        Between("streams", "session.timeout.ms"),
        ("streams.num.standby.replicas", null, "group.streams.max.standby.replicas"),
        Between("streams", "assignment.interval.ms"),
    ];

    /// <returns>Null when all is well, otherwise why not, in Kafka's words.</returns>
    public static string? Check(BrokerLayers broker, IReadOnlyDictionary<string, string> overrides)
    {
        foreach (var name in overrides.Keys)
        {
            if (ConfigTable.Group.Find(name) is null) return $"Unknown group config name: {name}";
        }

        foreach (var key in ConfigTable.Group.Keys)
        {
            if (overrides.TryGetValue(key.Name, out var text) && !key.TryParse(text, out _, out var error))
                return error;
        }

        foreach (var (name, min, max) in Limits)
        {
            var value = Number(broker, overrides, name);
            if (min is not null && value < broker.NumberOf(min))
                return $"{name} must be greater than or equal to {min}";
            if (max is not null && value > broker.NumberOf(max))
                return $"{name} must be less than or equal to {max}";
        }

        foreach (var kind in (ReadOnlySpan<string>)["consumer", "share", "streams"])
        {
            var (session, heartbeat) = ($"{kind}.session.timeout.ms", $"{kind}.heartbeat.interval.ms");
            if (Number(broker, overrides, session) <= Number(broker, overrides, heartbeat))
                return $"{session} must be greater than {heartbeat}";
        }

        return null;
    }

    static (string Name, string? Min, string? Max) Between(string kind, string name) =>
        ($"{kind}.{name}", $"group.{kind}.min.{name}", $"group.{kind}.max.{name}");

    static long Number(BrokerLayers broker, IReadOnlyDictionary<string, string> overrides, string name) =>
        ConfigTable.Group.Find(name) is { } key ? EffectiveConfig.ValueOf(key, broker, overrides)?.Number ?? 0 : 0;
}
