using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Protocol;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Configs;

/// <summary>
/// What is in force on this broker, at every moment: its file below what was set while it runs, for all brokers and for it alone. The
/// first of the metadata's listeners, so that replicas and handlers see settings that belong to the image they work on. Read on any thread.
/// </summary>
public sealed class LiveConfigs : IMetadataListener
{
    readonly BrokerIdentity _identity;
    readonly IReadOnlyDictionary<string, string> _fromFile;
    volatile State _state;

    /// <param name="fromFile">By Kafka's names, checked; see BrokerStartRules.</param>
    public LiveConfigs(BrokerIdentity identity, IReadOnlyDictionary<string, string> fromFile)
    {
        _identity = identity;
        _fromFile = fromFile;
        _state = Compute(MetadataImage.Empty);
    }

    public BrokerLayers Layers => _state.Layers;

    public BrokerSettings Settings => _state.Settings;

    /// <summary>When logs are looked after in the background.</summary>
    public LogCareSettings LogCare => LogConfigs.CareOf(Layers);

    /// <summary>How logs are compacted; live.</summary>
    public CleanerSettings Cleaner => _state.Cleaner;

    public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta)
    {
        StateOf(image);
        return ValueTask.CompletedTask;
    }

    /// <summary>What the settings make of a topic's logs. Topics without settings of their own share one object.</summary>
    public ReplicaConfig ReplicaConfigOf(MetadataImage image, string topic)
    {
        var state = StateOf(image);
        var overrides = image.Configs.Of(ConfigResource.Topic(topic));
        return overrides.Count == 0 ? state.Inherited : LogConfigs.Of(TopicSettings.Of(state.Layers, overrides), state.Layers);
    }

    /// <summary>Images share what did not change, so the layers are made anew only when a broker's settings changed.</summary>
    State StateOf(MetadataImage image)
    {
        var state = _state;
        var shared = image.Configs.Of(ConfigResource.BrokerDefault);
        var own = image.Configs.Of(ConfigResource.Broker(_identity.Id));
        if (ReferenceEquals(state.Layers.ClusterDefault, shared) && ReferenceEquals(state.Layers.Broker, own)) return state;
        return _state = Compute(image);
    }

    State Compute(MetadataImage image)
    {
        var layers = new BrokerLayers(
            _fromFile, image.Configs.Of(ConfigResource.BrokerDefault), image.Configs.Of(ConfigResource.Broker(_identity.Id)));
        var inherited = LogConfigs.Of(TopicSettings.Of(layers, ConfigsImage.NoOverrides), layers);
        return new State(layers, BrokerSettings.Of(_identity, layers), inherited, LogConfigs.CleanerOf(layers));
    }

    sealed record State(BrokerLayers Layers, BrokerSettings Settings, ReplicaConfig Inherited, CleanerSettings Cleaner);
}
