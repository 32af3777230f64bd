using System.Security.Cryptography;
using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Broker;
using AkkaStream.Cluster;
using AkkaStream.Cluster.Controller;
using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Net;
using AkkaStream.Net.Linux;
using AkkaStream.Net.Portable;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;
using AkkaStream.Server.Settings;

namespace AkkaStream.Server;

/// <summary>The only place that news up a node: rooms are wired here and nowhere else.</summary>
static class NodeBuilder
{
    const string WorkLane = "work", DiskLane = "disk";

    public static async Task<AkkaStreamHost> StartAsync(AkkaStreamSettings settings)
    {
        ILogFiles files = settings.LogDirs.Count == 0 ? new MemoryFiles() : new OsFiles();
        IReadOnlyList<string> dirs = settings.LogDirs.Count == 0 ? ["/memory"] : settings.LogDirs;
        var log = settings.Loggers.CreateLogger("AkkaStream.Server");
        var system = ActorSystem.Create("akkastream", ActorSettings(), new ActorSystemSeams { Time = settings.Time, Loggers = settings.Loggers });
        DirectoryLocks? locks = null;
        NetServer? net = null;
        try
        {
            if (files is OsFiles) locks = DirectoryLocks.Take(dirs);
            else files.CreateDirectory(dirs[0]);
            net = new NetServer(
                Transport(), NetBinding.Bind(settings.Net, settings.Properties), settings.Time, settings.Loggers.CreateLogger("AkkaStream.Net"));
            var bound = settings.Listeners.Select(l => (Listener: l, Address: net.Listen(l))).ToList();
            var identity = LocalIdentity.Establish(files, dirs, IdentityOf(settings), NewId, log);
            var replicationLog = settings.Loggers.CreateLogger("AkkaStream.Replication");
            var directories = LogDirectories.Open(dirs, files, settings.OpenFilesMax, settings.Loggers.CreateLogger("AkkaStream.Log"));

            var table = new ReplicaTable();
            var disk = system.Dispatcher(DiskLane);
            var environment = new ReplicaEnvironment(directories, disk, system.Timers, settings.Time, replicationLog);
            var replicas = new ReplicaListener(system, identity.NodeId, table, environment, ConfigOf);
            var cluster = await LocalCluster.StartAsync(
                system, files, directories.All, identity, ClusterSettings(settings, identity, bound), [replicas], NewId).ConfigureAwait(false);
            var node = new BrokerNode(1_000, settings.Time, RandomInt)
            {
                Settings = new BrokerSettings { Id = identity.NodeId, ClusterId = identity.ClusterId, Rack = settings.Rack },
                Replicas = table,
                Environment = environment,
                Controller = new LocalController(cluster),
                Timers = system.Timers,
                WorkLane = system.Dispatcher(WorkLane),
                DiskLane = disk,
                Time = settings.Time,
                Log = settings.Loggers.CreateLogger("AkkaStream.Broker"),
            };
            net.Start(loop => new RequestRouter(node, loop));
            return new AkkaStreamHost(
                new NodeParts(system, net, identity, cluster, replicas, directories, locks, bound.Select(b => b.Address).ToList()));
        }
        catch
        {
            net?.Dispose();
            locks?.Dispose();
            await system.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    static IdentitySettings IdentityOf(AkkaStreamSettings settings) => new()
    {
        NodeId = settings.NodeId is { } id ? new BrokerId(id) : null,
        ClusterId = settings.ClusterId,
        // A broker that was given no number is number 1.
        ReservedBrokerMaxId = 0,
    };

    static ITransport Transport() => OperatingSystem.IsLinux() ? new LinuxTransport() : new PortableTransport();

    static ActorSystemSettings ActorSettings() => new()
    {
        Dispatchers =
        [
            new DispatcherSettings { Name = WorkLane },
            new DispatcherSettings { Name = DiskLane, Threads = 4 },
            DispatcherSettings.Inline(ReplicaEnvironment.Dispatcher, backing: WorkLane),
            EmbeddedStore.Dispatcher,
        ],
    };

    static LocalClusterSettings ClusterSettings(
        AkkaStreamSettings settings, LocalIdentity identity, IReadOnlyList<(ListenerSettings Listener, System.Net.IPEndPoint Address)> bound) => new()
    {
        Controller = new ControllerSettings { NodeId = identity.NodeId, ClusterId = identity.ClusterId },
        Rack = settings.Rack,
        Endpoints = [.. bound.Select(b => settings.Advertised.TryGetValue(b.Listener.Name, out var told)
            ? new EndpointImage(b.Listener.Name, told.Host, told.Port == 0 ? b.Address.Port : told.Port, 0)
            : new EndpointImage(b.Listener.Name, b.Address.Address.ToString(), b.Address.Port, 0))],
    };

    static ReplicaConfig ConfigOf(MetadataImage image, string topic) => new(LogConfig.Default, 1);

    static Uuid NewId()
    {
        Span<byte> bytes = stackalloc byte[Uuid.SizeInBytes];
        RandomNumberGenerator.Fill(bytes);
        return Uuid.Read(bytes);
    }

    static int RandomInt() => RandomNumberGenerator.GetInt32(int.MaxValue);

    sealed class LocalController(LocalCluster cluster) : IController
    {
        public MetadataImage Image => cluster.Metadata.Current;

        public ValueTask<TResponse> Ask<TResponse>(RequestContext context, IRequest<TResponse> request, int timeoutMs)
            where TResponse : class, IMessage =>
            cluster.Controller.Ask(
                request, context.Version, new RequestOrigin(context.Node.Id, "User:ANONYMOUS", context.ClientId, context.Listener.Name),
                TimeSpan.FromMilliseconds(timeoutMs));
    }
}
