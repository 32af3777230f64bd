using System.Collections.Immutable;

namespace AkkaStream.Metadata;

/// <summary>
/// What was configured at run time, per resource: overrides only, defaults and the broker's own file are not here.
/// Immutable, any thread.
/// </summary>
public sealed class ConfigsImage
{
    public static readonly ConfigsImage Empty =
        new(ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Empty);

    public static readonly ImmutableSortedDictionary<string, string> NoOverrides =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    internal ConfigsImage(ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> byResource) =>
        ByResource = byResource;

    internal ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> ByResource { get; }

    /// <summary>Every resource that has at least one override.</summary>
    public IEnumerable<ConfigResource> Resources => ByResource.Keys;

    /// <summary>By the names of the settings; empty for a resource that nobody configured.</summary>
    public ImmutableSortedDictionary<string, string> Of(ConfigResource resource) =>
        ByResource.GetValueOrDefault(resource, NoOverrides);
}
