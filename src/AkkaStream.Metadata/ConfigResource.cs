using System.Globalization;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>What a configuration belongs to, by the numbers of Kafka's requests and records: frozen.</summary>
public enum ConfigResourceType : sbyte
{
    Unknown = 0,
    Topic = 2,
    Broker = 4,
    BrokerLogger = 8,
    ClientMetrics = 16,
    Group = 32,
}

/// <summary>
/// One thing that has a configuration of its own. A broker without a name stands for all brokers. A class and no struct: as
/// a key it then shares the collections' code that every process has compiled, which a start would otherwise wait for.
/// </summary>
public sealed record ConfigResource(ConfigResourceType Type, string Name)
{
    /// <summary>The configuration that all brokers share, below each one's own.</summary>
    public static readonly ConfigResource BrokerDefault = new(ConfigResourceType.Broker, "");

    public static ConfigResource Broker(BrokerId id) => new(ConfigResourceType.Broker, id.Value.ToString(CultureInfo.InvariantCulture));

    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    public override string ToString() => $"{Type} '{Name}'";
}
