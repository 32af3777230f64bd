using System.Net;
using AkkaStream.Actors;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Cluster;
using AkkaStream.Metadata.Configs;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Replication;

namespace AkkaStream.Server;

/// <summary>
/// A whole broker in this process. Several may run side by side; disposing one stops it cleanly and leaves nothing behind but its data.
/// </summary>
public sealed class AkkaStreamHost : IAsyncDisposable
{
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    readonly NodeParts _parts;
    bool _stopped;

    internal AkkaStreamHost(NodeParts parts) => _parts = parts;

    /// <summary>Where it listens, one for each listener.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => _parts.Addresses;

    /// <summary>What clients take as bootstrap.servers.</summary>
    public string BootstrapServers => Addresses[0].ToString();

    public BrokerId NodeId => _parts.Identity.NodeId;

    public string ClusterId => _parts.Identity.ClusterId;

    internal NodeParts Parts => _parts;

    /// <exception cref="ArgumentException">A property has a value that Kafka would refuse.</exception>
    public static Task<AkkaStreamHost> StartAsync(AkkaStreamSettings? settings = null)
    {
        settings ??= new AkkaStreamSettings();
        if (settings.Properties.Count > 0 && BrokerStartRules.Check(settings.Properties) is { Count: > 0 } problems)
            throw new ArgumentException(string.Join('\n', problems), nameof(settings));
        return NodeBuilder.StartAsync(settings);
    }

    /// <summary>Answers what is under way, closes every log cleanly and says so on disk.</summary>
    public ValueTask DisposeAsync() => StopAsync(StopPatience, CancellationToken.None);

    /// <param name="patience">How long answers that are under way may take.</param>
    /// <param name="hurry">Ends the wait before the time.</param>
    public async ValueTask StopAsync(TimeSpan patience, CancellationToken hurry)
    {
        if (_stopped) return;
        _stopped = true;
        using (var wait = new CancellationTokenSource(patience, _parts.System.Time))
        using (hurry.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), wait))
        {
            var drained = _parts.Net.StopAsync(wait.Token);
            _parts.Groups.ResignAll();
            await drained.ConfigureAwait(false);
        }
        await _parts.Replicas.CloseAsync().ConfigureAwait(false);
        await _parts.Cluster.DisposeAsync().ConfigureAwait(false);
        _parts.Directories.CloseClean(_parts.Cluster.BrokerEpoch.Value);
        await _parts.System.DisposeAsync().ConfigureAwait(false);
        _parts.Locks?.Dispose();
    }
}

/// <summary>What a running node is made of, for its host and for the start-up block.</summary>
sealed record NodeParts(
    ActorSystem System, NetServer Net, LocalIdentity Identity, LocalCluster Cluster, ReplicaListener Replicas, GroupCoordinators Groups,
    LogDirectories Directories, DirectoryLocks? Locks, IReadOnlyList<IPEndPoint> Addresses);
