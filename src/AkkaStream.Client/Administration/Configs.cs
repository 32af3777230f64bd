namespace AkkaStream.Client.Administration;

/// <summary>What configs may belong to. The numbers are Kafka's.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>Not known here.</summary>
    Unknown = 0,

    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A broker by its id, or all brokers with an empty name.</summary>
    Broker = 4,

    /// <summary>The log levels of a broker.</summary>
    BrokerLogger = 8,

    /// <summary>A subscription to client metrics.</summary>
    ClientMetrics = 16,

    /// <summary>A group.</summary>
    Group = 32,
}

/// <summary>Something that has configs.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name);

/// <summary>Where a value in force comes from. The numbers are Kafka's.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>Not told.</summary>
    Unknown = 0,

    /// <summary>Set for this topic.</summary>
    Topic = 1,

    /// <summary>Set for this broker while it runs.</summary>
    Broker = 2,

    /// <summary>Set for all brokers while they run.</summary>
    DefaultBroker = 3,

    /// <summary>Written in the broker's configuration file.</summary>
    StaticBroker = 4,

    /// <summary>Built in.</summary>
    Default = 5,

    /// <summary>Set for this logger.</summary>
    BrokerLogger = 6,

    /// <summary>Set for this subscription to client metrics.</summary>
    ClientMetrics = 7,

    /// <summary>Set for this group.</summary>
    Group = 8,
}

/// <summary>A value that would count if those before it were not set.</summary>
public sealed record ConfigSynonym(string Name, string? Value, ConfigSource Source);

/// <summary>A config that is in force. The value of a secret is null.</summary>
public sealed record ConfigEntry(
    string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, IReadOnlyList<ConfigSynonym> Synonyms)
{
    /// <summary>Kafka's number of the type; 0 when it was not told.</summary>
    public int Type { get; init; }

    /// <summary>Words for it, if they were asked for.</summary>
    public string? Documentation { get; init; }
}

/// <summary>How a config is changed. The numbers are Kafka's.</summary>
public enum ConfigChange : sbyte
{
    /// <summary>It has this value.</summary>
    Set = 0,

    /// <summary>It is no longer set.</summary>
    Delete = 1,

    /// <summary>The list has this value as well.</summary>
    Append = 2,

    /// <summary>The list no longer has this value.</summary>
    Subtract = 3,
}

/// <summary>A change of one config.</summary>
public readonly record struct ConfigAlteration(string Name, ConfigChange Change, string? Value);
