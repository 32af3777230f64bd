namespace AkkaStream.Metadata;

/// <summary>A feature that the whole cluster works at.</summary>
public sealed record FeatureLevel(string Feature, short Level);

/// <summary>The finalised features: at which level the whole cluster works. Immutable, any thread.</summary>
public sealed class FeaturesImage
{
    public static readonly FeaturesImage Empty = new([]);

    readonly FeatureLevel[] _levels;

    FeaturesImage(FeatureLevel[] levels) => _levels = levels;

    /// <summary>In the order of their names; a feature at level 0 is not listed.</summary>
    public IReadOnlyList<FeatureLevel> Levels => _levels;

    public short LevelOf(string feature) => Array.Find(_levels, level => level.Feature == feature)?.Level ?? 0;

    internal FeaturesImage With(string feature, short level)
    {
        List<FeatureLevel> levels = [.. Array.FindAll(_levels, l => l.Feature != feature)];
        if (level != 0) levels.Add(new FeatureLevel(feature, level));
        levels.Sort((a, b) => string.CompareOrdinal(a.Feature, b.Feature));
        return new FeaturesImage([.. levels]);
    }
}
