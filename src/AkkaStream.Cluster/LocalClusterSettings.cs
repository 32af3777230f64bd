using AkkaStream.Cluster.Controller;
using AkkaStream.Cluster.Store;
using AkkaStream.Metadata;

namespace AkkaStream.Cluster;

/// <summary>A broker that is its own cluster: what it registers as, and how its controller and store behave.</summary>
public sealed record LocalClusterSettings
{
    public required ControllerSettings Controller { get; init; }

    /// <summary>Where clients reach this broker.</summary>
    public IReadOnlyList<EndpointImage> Endpoints { get; init; } = [];

    /// <summary>broker.rack</summary>
    public string? Rack { get; init; }

    /// <summary>metadata.log.dir of a Kafka node, where it is none of the log directories: looked into once, when its data is taken over.</summary>
    public IReadOnlyList<string> KafkaMetadataDirs { get; init; } = [];

    public MetadataLogSettings Store { get; init; } = new();
}
