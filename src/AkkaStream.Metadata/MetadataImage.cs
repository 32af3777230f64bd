using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>
/// The picture that everyone looks at: all cluster metadata at one revision of the store. Immutable, so any thread reads
/// it without a lock; a new one shares with the old all that did not change. Made by <see cref="MetadataDraft"/> only.
/// </summary>
public sealed class MetadataImage
{
    public static readonly MetadataImage Empty = new();

    public MetadataRevision Revision { get; init; } = MetadataRevision.None;

    public TopicsImage Topics { get; init; } = TopicsImage.Empty;

    public BrokersImage Brokers { get; init; } = BrokersImage.Empty;

    public ConfigsImage Configs { get; init; } = ConfigsImage.Empty;

    public FeaturesImage Features { get; init; } = FeaturesImage.Empty;

    /// <summary>The first producer id that nobody has been given yet.</summary>
    public ProducerId NextProducerId { get; init; } = new(0);

    public KeptRecordsImage Kept { get; init; } = KeptRecordsImage.Empty;
}
