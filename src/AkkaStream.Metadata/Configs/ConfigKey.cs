namespace AkkaStream.Metadata.Configs;

/// <summary>
/// One setting that Kafka's clients and tools may name: type, default, rule and what they are told about it. The tables
/// of all of them are in <see cref="ConfigTable"/>. Immutable.
/// </summary>
public sealed class ConfigKey
{
    internal ConfigKey(
        string name, ConfigType type, string? defaultText, ConfigRule? rule, ConfigImportance importance, string words,
        ConfigUpdateMode update = ConfigUpdateMode.ReadOnly, UnusedReason? unused = null)
    {
        Name = name;
        Type = type;
        Default = defaultText;
        Rule = rule;
        Importance = importance;
        Words = words;
        UpdateMode = update;
        Unused = unused;
    }

    public string Name { get; }

    public ConfigType Type { get; }

    /// <summary>As Kafka shows it; null when there is none.</summary>
    public string? Default { get; }

    public ConfigRule? Rule { get; }

    public ConfigImportance Importance { get; }

    /// <summary>What DescribeConfigs tells as documentation.</summary>
    public string Words { get; }

    /// <summary>Of broker settings; those of topics, groups and client metrics may always change.</summary>
    public ConfigUpdateMode UpdateMode { get; }

    /// <summary>Why this broker takes no notice of it; null when it does.</summary>
    public UnusedReason? Unused { get; }

    public bool IsUsed => Unused is null;

    /// <summary>Known to Kafka, too, but told to nobody.</summary>
    public bool IsInternal { get; init; }

    /// <summary>A Kafka file must set it; here it may be left out.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Not one of Kafka's: this broker added it.</summary>
    public bool IsOwn { get; internal set; }

    /// <summary>Never shown to anyone.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>
    /// The broker settings that give a topic's or group's default, in the order in which Kafka asks them; for a broker
    /// setting those of the same meaning in coarser units.
    /// </summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];

    /// <summary>
    /// Understands and checks a text as Kafka does; otherwise the error is what Kafka's clients are told.
    /// </summary>
    public bool TryParse(string text, out ConfigValue value, out string error)
    {
        error = "";
        if (ConfigValue.Read(Name, Type, text, out value) is { } unreadable) error = unreadable;
        else if (Rule?.Check(Name, value) is { } refused) error = refused;
        if (error.Length > 0) return false;
        if (Rule is ListRule) value = ConfigValue.OfItems([.. value.Items.Distinct()]);
        return true;
    }

    /// <summary>The default, understood; null when there is none.</summary>
    internal ConfigValue? DefaultValue => Default is null ? null : Parse(Default);

    /// <summary>For values that were checked when they were stored.</summary>
    internal ConfigValue Parse(string text) => TryParse(text, out var value, out var error) ? value
        : throw new ArgumentException($"a stored value is not valid: {error}");

    public override string ToString() => Name;
}

/// <summary>One line for the log when someone sets a config that has no effect here.</summary>
public sealed record UnusedReason(string Text)
{
    public string Explain(string name) => $"{name} is Kafka's, and AkkaStream does not need it: {Text}";
}
