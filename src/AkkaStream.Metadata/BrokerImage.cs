using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Metadata;

/// <summary>Where clients reach a broker, by the name of its listener.</summary>
public sealed record EndpointImage(string Listener, string Host, int Port, short SecurityProtocol);

/// <summary>One broker's registration: one life of it, told apart from its former ones by epoch and incarnation.</summary>
public sealed class BrokerImage
{
    public BrokerId Id { get; init; }

    public BrokerEpoch Epoch { get; init; }

    public Uuid IncarnationId { get; init; }

    public IReadOnlyList<EndpointImage> Endpoints { get; init; } = [];

    /// <summary>Which levels of which features this broker's software can work with.</summary>
    public IReadOnlyDictionary<string, FeatureRange> Features { get; init; } = new Dictionary<string, FeatureRange>();

    public string? Rack { get; init; }

    /// <summary>Not taken to be alive: it leads nothing and is in nobody's metadata answer.</summary>
    public bool Fenced { get; init; }

    /// <summary>It is stopping and gives its leaderships away.</summary>
    public bool InControlledShutdown { get; init; }

    public DirectoryList LogDirs { get; init; }

    /// <summary>Log directories that take no new replicas (KIP-1066).</summary>
    public DirectoryList CordonedLogDirs { get; init; }

    public bool MayLead => !Fenced && !InControlledShutdown;

    public EndpointImage? EndpointOf(string listener)
    {
        foreach (EndpointImage endpoint in Endpoints)
            if (endpoint.Listener == listener) return endpoint;
        return null;
    }

    public static BrokerImage Of(RegisterBrokerRecord record) => new()
    {
        Id = new BrokerId(record.BrokerId),
        Epoch = new BrokerEpoch(record.BrokerEpoch),
        IncarnationId = record.IncarnationId,
        Endpoints = Array.ConvertAll(record.EndPoints, e => new EndpointImage(e.Name, e.Host, e.Port, e.SecurityProtocol)),
        Features = record.Features.ToDictionary(
            f => f.Name, f => new FeatureRange(f.MinSupportedVersion, f.MaxSupportedVersion), StringComparer.Ordinal),
        Rack = record.Rack,
        Fenced = record.Fenced,
        InControlledShutdown = record.InControlledShutdown,
        LogDirs = new DirectoryList(record.LogDirs),
        CordonedLogDirs = new DirectoryList(record.CordonedLogDirs ?? []),
    };

    public BrokerImage With(bool? fenced = null, bool? inControlledShutdown = null, DirectoryList? logDirs = null,
        DirectoryList? cordonedLogDirs = null) => new()
    {
        Id = Id,
        Epoch = Epoch,
        IncarnationId = IncarnationId,
        Endpoints = Endpoints,
        Features = Features,
        Rack = Rack,
        Fenced = fenced ?? Fenced,
        InControlledShutdown = inControlledShutdown ?? InControlledShutdown,
        LogDirs = logDirs ?? LogDirs,
        CordonedLogDirs = cordonedLogDirs ?? CordonedLogDirs,
    };

    public RegisterBrokerRecord ToRecord() => new()
    {
        BrokerId = Id.Value,
        IncarnationId = IncarnationId,
        BrokerEpoch = Epoch.Value,
        EndPoints = [.. Endpoints.Select(e => new RegisterBrokerRecordEndpoint
        {
            Name = e.Listener,
            Host = e.Host,
            Port = (ushort)e.Port,
            SecurityProtocol = e.SecurityProtocol,
        })],
        Features = [.. Features.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new RegisterBrokerRecordFeature
        {
            Name = f.Key,
            MinSupportedVersion = f.Value.Lowest,
            MaxSupportedVersion = f.Value.Highest,
        })],
        Rack = Rack,
        Fenced = Fenced,
        InControlledShutdown = InControlledShutdown,
        LogDirs = LogDirs.Wire,
        CordonedLogDirs = CordonedLogDirs.Count == 0 ? null : CordonedLogDirs.Wire,
    };
}
