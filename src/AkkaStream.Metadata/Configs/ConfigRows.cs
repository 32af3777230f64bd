namespace AkkaStream.Metadata.Configs;

/// <summary>
/// How a row of the tables is written: one call for each type, so that a row reads as a line of a table. Left out at
/// the end of a row: read-only, used, shown, optional, without synonyms.
/// </summary>
static class ConfigRows
{
    /// <summary>Every value of the type is allowed.</summary>
    public static ConfigRule? Any => null;

    public static ConfigRule GzipLevel { get; } = new GzipLevelRule();

    public static ConfigRule ReplicaPairs { get; } = new ThrottledReplicasRule();

    public static ConfigRule ShareOffsetReset { get; } = new ShareOffsetResetRule();

    public static ConfigRule QuorumVoters { get; } = new QuorumVotersRule();

    public static ConfigRule QuorumServers { get; } = new QuorumServersRule();

    public static ConfigKey Int(
        string name, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null, bool hidden = false,
        bool required = false, string[]? synonyms = null) =>
        Row(name, ConfigType.Int, defaultText, rule, importance, words, update, unused, hidden, required, synonyms);

    public static ConfigKey Short(
        string name, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null) =>
        Row(name, ConfigType.Short, defaultText, rule, importance, words, update, unused);

    public static ConfigKey Long(
        string name, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null, bool hidden = false,
        string[]? synonyms = null) =>
        Row(name, ConfigType.Long, defaultText, rule, importance, words, update, unused, hidden, false, synonyms);

    public static ConfigKey Real(
        string name, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null, bool hidden = false,
        string[]? synonyms = null) =>
        Row(name, ConfigType.Double, defaultText, rule, importance, words, update, unused, hidden, false, synonyms);

    public static ConfigKey Flag(
        string name, string? defaultText, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null, bool hidden = false,
        string[]? synonyms = null) =>
        Row(name, ConfigType.Boolean, defaultText, null, importance, words, update, unused, hidden, false, synonyms);

    public static ConfigKey Text(
        string name, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null, bool hidden = false,
        string[]? synonyms = null) =>
        Row(name, ConfigType.String, defaultText, rule, importance, words, update, unused, hidden, false, synonyms);

    public static ConfigKey List(
        string name, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null, bool required = false,
        string[]? synonyms = null) =>
        Row(name, ConfigType.List, defaultText, rule, importance, words, update, unused, false, required, synonyms);

    public static ConfigKey Class(
        string name, string? defaultText, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null) =>
        Row(name, ConfigType.Class, defaultText, null, importance, words, update, unused);

    /// <summary>A password or key: never shown.</summary>
    public static ConfigKey Secret(
        string name, string? defaultText, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null) =>
        Row(name, ConfigType.Password, defaultText, null, importance, words, update, unused);

    static ConfigKey Row(
        string name, ConfigType type, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update, UnusedReason? unused, bool hidden = false, bool required = false,
        string[]? synonyms = null) =>
        new(name, type, defaultText, rule, importance, words, update, unused)
        {
            IsInternal = hidden,
            IsRequired = required,
            Synonyms = synonyms ?? [],
        };
}

/// <summary>Why Kafka knows a setting that this broker needs not.</summary>
static class UnusedReasons
{
    public static UnusedReason Quorum { get; } =
        new("metadata lives in the embedded store or in etcd, there is no KRaft quorum and no controller listener");

    public static UnusedReason TieredStorage { get; } = new("there is no tiered storage");

    public static UnusedReason ThreadPools { get; } = new("work runs on dispatchers that size themselves");

    public static UnusedReason Purgatory { get; } =
        new("a request that waits leaves its list as soon as it is answered");

    public static UnusedReason JavaClass { get; } = new("it names a Java class, and no Java code is loaded");

    public static UnusedReason Reporters { get; } = new("metrics are read over HTTP, not sent by reporters");

    public static UnusedReason Kerberos { get; } = new("there is no Kerberos login");

    public static UnusedReason OAuthLogin { get; } = new("brokers do not log in to others with OAuth tokens");

    public static UnusedReason JavaTls { get; } = new("TLS is that of .NET and the system, not a Java provider's");

    public static UnusedReason LogStartCheckpoint { get; } =
        new("a moved log start is on disk before the request that moved it is answered");

    public static UnusedReason CoordinatorBuffers { get; } = new("coordinators write from pooled buffers");

    public static UnusedReason Unstable { get; } = new("nothing unstable is offered");

    public static UnusedReason EarlyStart { get; } = new("rights are known before any listener opens");
}
