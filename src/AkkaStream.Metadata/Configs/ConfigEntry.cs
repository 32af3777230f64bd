namespace AkkaStream.Metadata.Configs;

/// <summary>One config in an answer to DescribeConfigs. A sensitive value is null.</summary>
public sealed record ConfigEntry(
    string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, ConfigType Type, string Words,
    IReadOnlyList<ConfigSynonym> Synonyms);

/// <summary>Where else the value could come from, in order of precedence, beginning with the one in force.</summary>
public sealed record ConfigSynonym(string Name, string? Value, ConfigSource Source);
