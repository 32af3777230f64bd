namespace AkkaStream.Server.Commands;

/// <summary>
/// What Kafka's releases mean by their features, for the answers of "storage version-mapping" and "feature-dependencies". A cluster
/// here begins with the features that this broker serves, whatever release is named.
/// </summary>
static class FeatureMappings
{
    public const string Latest = "4.3-IV0";

    // From which metadata level on a release finalises which level of a feature; found by asking Kafka 4.3.1.
    static readonly (string Name, int From, int Level)[] Features =
    [
        ("kraft.version", 21, 1), ("transaction.version", 24, 2), ("group.version", 22, 1),
        ("eligible.leader.replicas.version", 26, 1), ("share.version", 28, 1), ("streams.version", 29, 1),
    ];

    const int FirstLevel = 7;

    /// <summary>In the order of their metadata levels, from <see cref="FirstLevel"/> on.</summary>
    static readonly string[] Releases =
    [
        "3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2", "3.7-IV0", "3.7-IV1", "3.7-IV2",
        "3.7-IV3", "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0", "4.1-IV1", "4.2-IV0",
        "4.2-IV1", "4.3-IV0", "4.4-IV0",
    ];

    public static int ShowVersion(string[] words, TextWriter output, TextWriter errors)
    {
        const string usage = "usage: kafka-storage version-mapping [-h] [--release-version RELEASE_VERSION]\n";
        if (StorageArguments.Parse(words, ["--release-version"], out var arguments) is { } problem)
            return StorageCommand.Refuse(errors, usage, problem);
        string asked = arguments.Last("--release-version") ?? Latest;
        if (LevelOf(asked) is not { } level)
        {
            errors.WriteLine(Unknown(asked));
            return 1;
        }
        output.WriteLine($"metadata.version={level} ({asked})");
        foreach (var feature in Features) output.WriteLine($"{feature.Name}={(level >= feature.From ? feature.Level : 0)}");
        return 0;
    }

    public static int ShowDependencies(string[] words, TextWriter output, TextWriter errors)
    {
        const string usage = "usage: kafka-storage feature-dependencies [-h] --feature FEATURE\n";
        if (StorageArguments.Parse(words, ["--feature"], out var arguments) is { } problem)
            return StorageCommand.Refuse(errors, usage, problem);
        if (!arguments.Has("--feature")) return StorageCommand.Refuse(errors, usage, "argument --feature/-f is required");
        foreach (string feature in arguments.All("--feature"))
        {
            if (CheckFeature(feature) is { } unknown)
            {
                errors.WriteLine(unknown);
                return 1;
            }
            output.WriteLine(feature == "eligible.leader.replicas.version=1"
                ? $"{feature} requires:\n    metadata.version=23 (4.0-IV1)" : $"{feature} has no dependencies.");
        }
        return 0;
    }

    /// <summary>Null when release and features of a format command are known, otherwise what is wrong.</summary>
    public static string? Check(StorageArguments arguments)
    {
        if (arguments.Last("--release-version") is { } release && LevelOf(release) is null) return Unknown(release);
        return arguments.All("--feature").Select(CheckFeature).FirstOrDefault(problem => problem is not null);
    }

    public static string FullName(string release) => LevelOf(release) is { } level ? Releases[level - FirstLevel] : release;

    static string? CheckFeature(string text)
    {
        int equals = text.IndexOf('=');
        if (equals <= 0 || !short.TryParse(text.AsSpan(equals + 1), out _)) return $"Invalid feature level \"{text}\"; write NAME=LEVEL";
        string name = text[..equals];
        return name == "metadata.version" || Features.Any(feature => feature.Name == name) ? null
            : $"Unsupported feature: {name}. Supported features are: " +
                string.Join(", ", Features.Select(feature => feature.Name).Order(StringComparer.Ordinal));
    }

    static string Unknown(string release) =>
        $"Unknown metadata.version '{release}'. Supported metadata.version are: {string.Join(", ", Releases)}";

    /// <summary>"4.1" names the last level of that release, "4.1-IV0" one of them.</summary>
    static int? LevelOf(string release)
    {
        int at = Array.FindLastIndex(Releases, name =>
            name == release || name.StartsWith(release + "-IV", StringComparison.Ordinal));
        return at < 0 ? null : FirstLevel + at;
    }
}
