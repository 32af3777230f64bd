using System.Collections.Immutable;

namespace AkkaStream.Metadata;

/// <summary>The finalised features: at which level the whole cluster works. Immutable, any thread.</summary>
public sealed class FeaturesImage
{
    public static readonly FeaturesImage Empty =
        new(ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal));

    internal FeaturesImage(ImmutableSortedDictionary<string, short> levels) => Levels = levels;

    /// <summary>Finalised levels by feature; a feature at level 0 is not listed.</summary>
    public ImmutableSortedDictionary<string, short> Levels { get; }

    public short LevelOf(string feature) => Levels.GetValueOrDefault(feature);
}
