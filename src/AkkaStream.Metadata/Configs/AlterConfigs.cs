using AkkaStream.Protocol;

namespace AkkaStream.Metadata.Configs;

/// <summary>One wish of an IncrementalAlterConfigs request.</summary>
public sealed record ConfigChange(string Name, ConfigOperation Operation, string? Value);

/// <summary>What comes out: the new overrides of the resource, or a refusal and the old ones.</summary>
public sealed record ConfigAlteration(
    ErrorCode Error, string? Message, IReadOnlyDictionary<string, string> Overrides)
{
    public bool IsRefused => Error != ErrorCode.None;
}

/// <summary>What an alteration is checked against.</summary>
/// <param name="Broker">The configs of the broker that checks.</param>
/// <param name="TieredStorage">Whether brokers take part in tiering.</param>
/// <param name="EligibleLeaderReplicas">Whether that feature is on: all brokers share one min.insync.replicas.</param>
public sealed record AlterContext(BrokerLayers Broker, bool TieredStorage = false, bool EligibleLeaderReplicas = false);

sealed record ConfigRefusal(ErrorCode Error, string Message);

/// <summary>
/// Decides about changes of configs as Kafka's brokers and controllers do together: current overrides and wishes in,
/// new overrides or an error code and text out. Pure; nothing is kept. Used by the handlers of IncrementalAlterConfigs
/// and AlterConfigs, which also check names of resources, rights, and that no resource occurs twice.
/// </summary>
public static class AlterConfigs
{
    /// <summary>Longest value that is stored.</summary>
    const int MaxLength = 32767;

    public static ConfigAlteration Incremental(
        ConfigResourceType type, string resource, IReadOnlyDictionary<string, string> current,
        IReadOnlyList<ConfigChange> changes, AlterContext context)
    {
        var altered = new Dictionary<string, string>(current);
        var refusal = CheckRequest(changes)
            ?? CheckMinimumOfReplicas(type, resource, changes, context)
            ?? Apply(type, changes, altered)
            ?? Check(type, resource, current, altered, context);
        return Answer(refusal, current, altered);
    }

    /// <summary>The older AlterConfigs: what is not named is taken away.</summary>
    public static ConfigAlteration Replace(
        ConfigResourceType type, string resource, IReadOnlyDictionary<string, string> current,
        IReadOnlyList<(string Name, string? Value)> values, AlterContext context)
    {
        List<ConfigChange> changes = [.. values.Select(v => new ConfigChange(v.Name, ConfigOperation.Set, v.Value))];
        foreach (var name in current.Keys)
        {
            if (!changes.Exists(change => change.Name == name))
                changes.Add(new ConfigChange(name, ConfigOperation.Delete, null));
        }

        return Incremental(type, resource, current, changes, context);
    }

    static ConfigAlteration Answer(
        ConfigRefusal? refusal, IReadOnlyDictionary<string, string> current,
        IReadOnlyDictionary<string, string> altered) =>
        refusal is null
            ? new ConfigAlteration(ErrorCode.None, null, altered)
            : new ConfigAlteration(refusal.Error, refusal.Message, current);

    static ConfigRefusal? CheckRequest(IReadOnlyList<ConfigChange> changes)
    {
        var names = new HashSet<string>();
        var missing = new List<string>();
        foreach (var change in changes)
        {
            if (!names.Add(change.Name))
                return new(ErrorCode.InvalidRequest, "Error due to duplicate config keys");
            if (change.Operation > ConfigOperation.Subtract)
            {
                return new(ErrorCode.InvalidRequest,
                    $"Unknown operation {(byte)change.Operation} for {change.Name}");
            }

            if (change.Value is null && change.Operation != ConfigOperation.Delete) missing.Add(change.Name);
        }

        return missing.Count == 0 ? null
            : new(ErrorCode.InvalidRequest, $"Null value not supported for : {string.Join(',', missing)}");
    }

    /// <summary>
    /// With eligible leader replicas the minimum is counted in the controller, which knows one for all brokers.
    /// </summary>
    static ConfigRefusal? CheckMinimumOfReplicas(
        ConfigResourceType type, string resource, IReadOnlyList<ConfigChange> changes, AlterContext context)
    {
        if (type != ConfigResourceType.Broker || !context.EligibleLeaderReplicas) return null;
        var change = changes.FirstOrDefault(change => change.Name == "min.insync.replicas");
        if (change is null) return null;
        if (resource.Length > 0)
        {
            return new(ErrorCode.InvalidConfig,
                "Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
        }

        return change.Operation != ConfigOperation.Delete ? null : new(ErrorCode.InvalidConfig,
            "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
    }

    static ConfigRefusal? Apply(
        ConfigResourceType type, IReadOnlyList<ConfigChange> changes, Dictionary<string, string> altered)
    {
        foreach (var (name, operation, value) in changes)
        {
            if (operation == ConfigOperation.Delete || value is null)
            {
                altered.Remove(name);
                continue;
            }

            if (operation != ConfigOperation.Set && RefuseList(type, name, operation) is { } refusal) return refusal;
            var text = operation == ConfigOperation.Set ? value
                : ChangeList(altered.GetValueOrDefault(name) ?? KeyOf(type, name)?.Default, operation, value);
            if (text.Length > MaxLength)
            {
                return new(ErrorCode.InvalidConfig, "The configuration value cannot be added because it " +
                    $"exceeds the maximum value size of {MaxLength} bytes.");
            }

            altered[name] = text;
        }

        return null;
    }

    static ConfigKey? KeyOf(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Topic => ConfigTable.Topic.Find(name),
        ConfigResourceType.Broker => ConfigTable.FindBroker(name),
        _ => null,
    };

    /// <summary>Lists of client metrics cannot be added to, in Kafka neither.</summary>
    static ConfigRefusal? RefuseList(ConfigResourceType type, string name, ConfigOperation operation)
    {
        var key = KeyOf(type, name);
        if (key is { Type: ConfigType.List }) return null;
        var word = operation == ConfigOperation.Append ? "append" : "subtract";
        if (type != ConfigResourceType.Broker)
        {
            return new(ErrorCode.InvalidConfig,
                $"Can't {word.ToUpperInvariant()} to key {name} because its type is not LIST.");
        }

        return new(ErrorCode.InvalidConfig, key is null
            ? $"Unknown config name: {name}"
            : $"Config value {word} is not allowed for config key: {name}");
    }

    /// <summary>
    /// As Kafka does it: on the texts between the commas, blanks included; what is there is not added twice, and only
    /// one of several equal ones is taken away.
    /// </summary>
    static string ChangeList(string? before, ConfigOperation operation, string value)
    {
        List<string> parts = before is null ? [] : [.. JavaText.Split(before).Where(part => part.Length > 0)];
        foreach (var part in JavaText.Split(value))
        {
            if (operation == ConfigOperation.Subtract) parts.Remove(part);
            else if (!parts.Contains(part)) parts.Add(part);
        }

        return string.Join(',', parts);
    }

    static ConfigRefusal? Check(
        ConfigResourceType type, string resource, IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after, AlterContext context)
    {
        if (resource.Length == 0 && type != ConfigResourceType.Broker && NoDefault(type) is { } problem)
            return new(ErrorCode.InvalidRequest, problem);
        return type switch
        {
            ConfigResourceType.Topic => Refuse(
                ErrorCode.InvalidConfig, TopicRules.Check(context.Broker, before, after, context.TieredStorage)),
            ConfigResourceType.Group => Refuse(ErrorCode.InvalidConfig, GroupRules.Check(context.Broker, after)),
            ConfigResourceType.ClientMetrics => ClientMetricsRules.Check(after),
            ConfigResourceType.Broker => Refuse(
                ErrorCode.InvalidRequest, CheckBroker(resource, after, context.Broker)),
            _ => new(ErrorCode.InvalidRequest, $"Unknown resource type {(byte)type}"),
        };
    }

    /// <summary>Only brokers have configs for all of them together.</summary>
    static string? NoDefault(ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => "Default topic resources are not allowed.",
        ConfigResourceType.Group => "Default group resources are not allowed.",
        ConfigResourceType.ClientMetrics => "Subscription name can't be empty",
        _ => null,
    };

    static string? CheckBroker(string resource, IReadOnlyDictionary<string, string> after, BrokerLayers broker)
    {
        var isDefault = resource.Length == 0;
        var layers = isDefault
            ? new BrokerLayers(broker.Static, after, broker.Broker)
            : new BrokerLayers(broker.Static, broker.ClusterDefault, after);
        return BrokerRules.Check(layers, after, isDefault);
    }

    static ConfigRefusal? Refuse(ErrorCode error, string? message) =>
        message is null ? null : new(error, message);
}
