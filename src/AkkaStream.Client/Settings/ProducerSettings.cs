using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Client.Settings;

/// <summary>When a produced record counts as delivered.</summary>
public enum Acks : short
{
    /// <summary>When it was handed to the network: nothing is confirmed and no offset is known.</summary>
    None = 0,

    /// <summary>When the leader has written it.</summary>
    Leader = 1,

    /// <summary>When all in-sync replicas have written it.</summary>
    All = -1,
}

/// <summary>How records without a partition get one.</summary>
public enum PartitionerKind : byte
{
    /// <summary>By the key's hash; without a key one partition for a batch, then another.</summary>
    Default,

    /// <summary>One partition after the other, key or not.</summary>
    RoundRobin,
}

/// <summary>What a producer must be told. Defaults are those of Kafka 4.3; the comment at each property names Kafka's.</summary>
public sealed record ProducerSettings
{
    /// <summary>Connections and waits.</summary>
    public ClientSettings Client { get; init; } = new();

    /// <summary>acks</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>linger.ms: how long a batch that is not full waits for more records.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>batch.size</summary>
    public int BatchBytes { get; init; } = 16_384;

    /// <summary>buffer.memory: what undelivered records may take; then sending waits.</summary>
    public long BufferMemory { get; init; } = 33_554_432;

    /// <summary>max.block.ms: how long sending waits for memory and metadata.</summary>
    public TimeSpan MaxBlock { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>delivery.timeout.ms: from a batch's first record to the final word on it, repetitions included.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>max.request.size</summary>
    public int MaxRequestBytes { get; init; } = 1_048_576;

    /// <summary>max.in.flight.requests.per.connection</summary>
    public int MaxInFlight { get; init; } = 5;

    /// <summary>retries</summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary>compression.type</summary>
    public CompressionCodec Compression { get; init; }

    /// <summary>compression.gzip.level and so on; 0 takes the codec's default.</summary>
    public int CompressionLevel { get; init; }

    /// <summary>enable.idempotence: no duplicates and no gaps from repetitions.</summary>
    public bool Idempotence { get; init; } = true;

    /// <summary>Idempotence was asked for and is no mere default: a cluster that lacks it is an error.</summary>
    public bool IdempotenceIsRequired { get; init; }

    /// <summary>partitioner.class</summary>
    public PartitionerKind Partitioner { get; init; }

    /// <summary>partitioner.ignore.keys</summary>
    public bool IgnoreKeys { get; init; }

    /// <summary>partitioner.adaptive.partitioning.enable: partitions with a backlog get fewer of the records without a key.</summary>
    public bool Adaptive { get; init; } = true;

    /// <summary>Producer settings for some brokers, with all else at its default.</summary>
    public static ProducerSettings For(string bootstrapServers) => new() { Client = ClientSettings.For(bootstrapServers) };

    /// <exception cref="KafkaConfigException">A value cannot be used.</exception>
    public static ProducerSettings FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        var bag = new PropertyBag(properties);
        var defaults = new ProducerSettings();
        var settings = defaults with
        {
            Client = ClientSettings.From(bag),
            Acks = AcksOf(bag),
            Linger = bag.Milliseconds("linger.ms", defaults.Linger),
            BatchBytes = bag.Int("batch.size", defaults.BatchBytes, 0),
            BufferMemory = bag.Long("buffer.memory", defaults.BufferMemory, 0),
            MaxBlock = bag.Milliseconds("max.block.ms", defaults.MaxBlock),
            DeliveryTimeout = bag.Milliseconds("delivery.timeout.ms", defaults.DeliveryTimeout),
            MaxRequestBytes = bag.Int("max.request.size", defaults.MaxRequestBytes, 0),
            MaxInFlight = bag.Int("max.in.flight.requests.per.connection", defaults.MaxInFlight, 1),
            Retries = bag.Int("retries", defaults.Retries, 0),
            IgnoreKeys = bag.Bool("partitioner.ignore.keys", false),
            Adaptive = bag.Bool("partitioner.adaptive.partitioning.enable", true),
            Partitioner = PartitionerOf(bag),
        };
        settings = WithCompression(settings, bag);
        settings = settings with { Idempotence = IdempotenceOf(bag, settings), IdempotenceIsRequired = bag.Bool("enable.idempotence", false),
            DeliveryTimeout = DeliveryOf(bag, settings) };
        return settings with { Client = settings.Client with { UnknownProperties = bag.Unknown() } };
    }

    static Acks AcksOf(PropertyBag bag) => bag.OneOf("acks", "all", "all", "-1", "0", "1") switch
    {
        "0" => Acks.None,
        "1" => Acks.Leader,
        _ => Acks.All,
    };

    static PartitionerKind PartitionerOf(PropertyBag bag)
    {
        string name = bag.Text("partitioner.class", "");
        if (name.Length == 0 || name.EndsWith("DefaultPartitioner", StringComparison.Ordinal)
            || name.EndsWith("UniformStickyPartitioner", StringComparison.Ordinal)) return PartitionerKind.Default;
        if (name.EndsWith("RoundRobinPartitioner", StringComparison.Ordinal)) return PartitionerKind.RoundRobin;
        throw PropertyBag.Wrong("partitioner.class", name, "RoundRobinPartitioner or absent (classes of Java cannot be loaded here)");
    }

    static ProducerSettings WithCompression(ProducerSettings settings, PropertyBag bag)
    {
        string name = bag.OneOf("compression.type", "none", "none", "gzip", "snappy", "lz4", "zstd");
        var codec = Enum.Parse<CompressionCodec>(name, ignoreCase: true);
        int level = codec is CompressionCodec.Gzip or CompressionCodec.Lz4 or CompressionCodec.Zstd
            ? bag.Int($"compression.{name}.level", CompressionLevels.DefaultFor(codec)) : 0;
        return level == 0 || CompressionLevels.IsValid(codec, level)
            ? settings with { Compression = codec, CompressionLevel = level }
            : throw PropertyBag.Wrong($"compression.{name}.level", level.ToString(), $"a level of {name}");
    }

    // As Kafka: what was asked for and does not fit stops the start, what is only a default gives way.
    static bool IdempotenceOf(PropertyBag bag, ProducerSettings settings)
    {
        bool asked = bag.Text("enable.idempotence") is not null;
        if (!bag.Bool("enable.idempotence", true)) return false;
        string? conflict = settings.Acks != Acks.All ? "Must set acks to all in order to use the idempotent producer."
            : settings.Retries == 0 ? "Must set retries to non-zero when using the idempotent producer."
            : settings.MaxInFlight > 5 ? "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer."
            : null;
        if (conflict is null) return true;
        return asked ? throw new KafkaConfigException("enable.idempotence", conflict + " Otherwise we cannot guarantee idempotence.") : false;
    }

    static TimeSpan DeliveryOf(PropertyBag bag, ProducerSettings settings)
    {
        var least = settings.Linger + settings.Client.RequestTimeout;
        if (settings.DeliveryTimeout >= least) return settings.DeliveryTimeout;
        return bag.Text("delivery.timeout.ms") is null
            ? least
            : throw new KafkaConfigException(
                "delivery.timeout.ms", "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms");
    }
}
