using System.Net;
using AkkaStream.Actors;
using AkkaStream.Cluster;
using AkkaStream.Net;
using AkkaStream.Replication;

namespace AkkaStream.Server;

/// <summary>
/// A whole broker in this process. Several may run side by side; disposing one stops it cleanly and leaves nothing behind but its data.
/// </summary>
public sealed class AkkaStreamHost : IAsyncDisposable
{
    static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    readonly ActorSystem _system;
    readonly NetServer _net;
    readonly LocalCluster _cluster;
    readonly ReplicaListener _replicas;
    readonly LogDirectories _directories;
    bool _stopped;

    internal AkkaStreamHost(
        ActorSystem system, NetServer net, LocalCluster cluster, ReplicaListener replicas, LogDirectories directories,
        IReadOnlyList<IPEndPoint> addresses)
    {
        _system = system;
        _net = net;
        _cluster = cluster;
        _replicas = replicas;
        _directories = directories;
        Addresses = addresses;
    }

    /// <summary>Where it listens, one for each listener.</summary>
    public IReadOnlyList<IPEndPoint> Addresses { get; }

    /// <summary>What clients take as bootstrap.servers.</summary>
    public string BootstrapServers => Addresses[0].ToString();

    public static Task<AkkaStreamHost> StartAsync(AkkaStreamSettings? settings = null) =>
        NodeBuilder.StartAsync(settings ?? new AkkaStreamSettings());

    /// <summary>Answers what is under way, closes every log cleanly and says so on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped) return;
        _stopped = true;
        using (var patience = new CancellationTokenSource(StopPatience, _system.Time))
            await _net.StopAsync(patience.Token).ConfigureAwait(false);
        await _replicas.CloseAsync().ConfigureAwait(false);
        await _cluster.DisposeAsync().ConfigureAwait(false);
        _directories.CloseClean(_cluster.BrokerEpoch.Value);
        await _system.DisposeAsync().ConfigureAwait(false);
    }
}
