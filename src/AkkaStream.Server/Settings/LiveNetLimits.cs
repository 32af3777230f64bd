using AkkaStream.Broker.Configs;
using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Net;

namespace AkkaStream.Server.Settings;

/// <summary>Hands changed limits for connections on to Net. Stands behind <see cref="LiveConfigs"/> among the listeners of metadata.</summary>
sealed class LiveNetLimits(LiveConfigs configs, NetServer net, NetSettings own) : IMetadataListener
{
    BrokerLayers? _seen;

    public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta)
    {
        var layers = configs.Layers;
        if (ReferenceEquals(layers, _seen)) return ValueTask.CompletedTask;
        _seen = layers;
        net.Limit(NetBinding.Bind(own, Merged(layers)));
        return ValueTask.CompletedTask;
    }

    static Dictionary<string, string> Merged(BrokerLayers layers)
    {
        var merged = new Dictionary<string, string>(layers.Static);
        foreach (var (name, value) in layers.ClusterDefault) merged[name] = value;
        foreach (var (name, value) in layers.Broker) merged[name] = value;
        return merged;
    }
}
