using System.Collections.Immutable;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Metadata;

/// <summary>
/// An image while records are put on it: a working copy that copies only what a record touches, and remembers it, so that
/// a batch costs what it changes and a full replay costs each topic once. Used by one thread, once: after
/// <see cref="Build"/> it is spent. What each record does stands in <see cref="MetadataApply"/>.
/// </summary>
public sealed partial class MetadataDraft(MetadataImage start)
{
    readonly MetadataImage _start = start;
    readonly HashSet<BrokerId> _touchedBrokers = [];
    readonly HashSet<ConfigResource> _touchedConfigs = [];
    BrokersImage _brokers = start.Brokers;
    ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> _configs = start.Configs.ByResource;
    FeaturesImage _features = start.Features;

    public ProducerId NextProducerId { get; internal set; } = start.NextProducerId;

    internal KeptRecordsImage Kept { get; set; } = start.Kept;

    public void Apply(IStoredMessage record) => MetadataApply.Apply(this, record);

    /// <summary>A record of a type that this version does not know: kept as it is, so that a snapshot does not lose it.</summary>
    public void KeepUnknown(ReadOnlyMemory<byte> record) => Kept = Kept.WithUnknown(record);

    public BrokerImage? FindBroker(BrokerId id) => _brokers.Find(id);

    internal void SetBroker(BrokerImage broker)
    {
        _touchedBrokers.Add(broker.Id);
        _brokers = _brokers.With(broker);
    }

    internal void RemoveBroker(BrokerId id)
    {
        _touchedBrokers.Add(id);
        _brokers = _brokers.Without(id);
    }

    internal void SetConfig(ConfigResource resource, string name, string? value)
    {
        _touchedConfigs.Add(resource);
        ImmutableSortedDictionary<string, string> before = _configs.GetValueOrDefault(resource, ConfigsImage.NoOverrides);
        ImmutableSortedDictionary<string, string> after = value is null ? before.Remove(name) : before.SetItem(name, value);
        _configs = after.IsEmpty ? _configs.Remove(resource) : _configs.SetItem(resource, after);
    }

    internal void RemoveConfigs(ConfigResource resource)
    {
        if (!_configs.ContainsKey(resource)) return;
        _touchedConfigs.Add(resource);
        _configs = _configs.Remove(resource);
    }

    internal void SetFeature(string feature, short level) =>
        _features = _features.LevelOf(feature) == level ? _features : _features.With(feature, level);

    /// <exception cref="MetadataRecordException">A topic has a gap between its partitions.</exception>
    public (MetadataImage Image, MetadataDelta Delta) Build(MetadataRevision revision)
    {
        var image = new MetadataImage
        {
            Revision = revision,
            Topics = BuildTopics(),
            Brokers = _brokers,
            Configs = _touchedConfigs.Count == 0 ? _start.Configs : new ConfigsImage(_configs),
            Features = _features,
            NextProducerId = NextProducerId,
            Kept = Kept,
        };
        return (image, new MetadataDelta(_start, image, _topics.Keys, _touchedBrokers, _touchedConfigs));
    }
}
