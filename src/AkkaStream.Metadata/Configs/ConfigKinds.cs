namespace AkkaStream.Metadata.Configs;

/// <summary>What a value is. Frozen: the numbers travel in DescribeConfigs answers.</summary>
public enum ConfigType : byte
{
    Unknown = 0,
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
    Class = 8,
    Password = 9,
}

/// <summary>Where a value in force was set. Frozen: the numbers travel in DescribeConfigs answers.</summary>
public enum ConfigSource : byte
{
    Unknown = 0,
    Topic = 1,
    DynamicBroker = 2,
    DynamicDefaultBroker = 3,
    StaticBroker = 4,
    Default = 5,
    DynamicBrokerLogger = 6,
    ClientMetrics = 7,
    Group = 8,
}

/// <summary>Frozen: the numbers travel in IncrementalAlterConfigs requests.</summary>
public enum ConfigOperation : byte
{
    Set = 0,
    Delete = 1,
    Append = 2,
    Subtract = 3,
}

public enum ConfigImportance
{
    Low,
    Medium,
    High,
}

/// <summary>Whether a broker's value may change while it runs, for one broker at a time or for all at once.</summary>
public enum ConfigUpdateMode
{
    ReadOnly,
    PerBroker,
    ClusterWide,
}
