using AkkaStream.Hocon.Syntax;

namespace AkkaStream.Hocon;

/// <summary>
/// What was parsed, with substitutions not yet looked up: one text, or several laid over each other. Looking up comes
/// last, over all layers together, so a default may be written in terms of another default and follows it when a user
/// changes that one. Immutable.
/// </summary>
public sealed class HoconDocument
{
    /// <summary>From the lowest layer to the one that wins.</summary>
    readonly List<HoconElement> _layers;

    HoconDocument(List<HoconElement> layers) => _layers = layers;

    public static HoconDocument Empty { get; } = new([]);

    internal static HoconDocument Of(HoconElement root) => new([root]);

    /// <summary>What is missing here is taken from there; objects merge, and a null here hides what is there.</summary>
    public HoconDocument WithFallback(HoconDocument other) => new([.. other._layers, .. _layers]);

    /// <param name="environment">Answers for paths that the configuration does not set; nobody when left out.</param>
    public HoconConfig Resolve(Func<string, string?>? environment = null)
    {
        foreach (var layer in _layers)
        {
            if (layer is ListElement)
                throw new HoconException(layer.Origin,
                    "a configuration must be an object, not a list; write { } or leave the brackets out");
        }

        return new HoconConfig(ResolveNode(environment));
    }

    /// <summary>As <see cref="Resolve"/>, also for a document that is a list, as JSON allows.</summary>
    public HoconNode ResolveNode(Func<string, string?>? environment = null) =>
        new HoconResolver(environment ?? (_ => null)).Resolve(_layers);
}
