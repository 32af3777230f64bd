using System.Net;
using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Broker;
using AkkaStream.Broker.Configs;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Cluster;
using AkkaStream.Cluster.Controller;
using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;
using AkkaStream.Net;
using AkkaStream.Net.Linux;
using AkkaStream.Net.Portable;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;
using AkkaStream.Server.Settings;
using Microsoft.Extensions.Logging;

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
        var seams = new ActorSystemSeams { Time = settings.Time, Loggers = settings.Loggers };
        var system = ActorSystem.Create("akkastream", ActorSettings(settings), seams);
        DirectoryLocks? locks = null;
        NetServer? net = null;
        try
        {
            var lost = Lost(dirs, files, log);
            dirs = [.. dirs.Except(lost)];
            if (files is OsFiles) locks = DirectoryLocks.Take(dirs, files);
            else LogDirectory.Make(dirs[0], files);
            net = new NetServer(
                Transport(), NetBinding.Bind(settings.Net, settings.Properties), settings.Time, settings.Loggers.CreateLogger("AkkaStream.Net"));
            var bound = new List<BoundListener>();
            foreach (var listener in settings.Listeners) bound.Add(new BoundListener(listener.Name, net.Listen(listener)));
            var identity = LocalIdentity.Establish(files, dirs, IdentityOf(settings), Chance.NewId, log);
            var replicationLog = settings.Loggers.CreateLogger("AkkaStream.Replication");
            var directories = LogDirectories.Open(
                dirs, files, settings.OpenFilesMax, settings.Loggers.CreateLogger("AkkaStream.Log"), LocalCluster.StorePartition, lost);

            var table = new ReplicaTable();
            var disk = system.Dispatcher(DiskLane);
            var endpoints = Endpoints(settings, bound);
            var configs = new LiveConfigs(
                new BrokerIdentity { Id = identity.NodeId, ClusterId = identity.ClusterId, Rack = settings.Rack },
                StaticConfigs(settings, identity, bound, endpoints, [.. dirs, .. lost]));
            var environment = new ReplicaEnvironment(directories, disk, system.Timers, settings.Time, replicationLog)
            {
                Care = configs.LogCare,
                Cleaner = () => configs.Cleaner,
                KeyHash = Chance.NewKeyHash(),
                Scrub = settings.Scrub,
                DeleteDelay = () => configs.Settings.DeleteDelay,
                RecoveriesPerDirectory = (int)configs.Layers.NumberOf("num.recovery.threads.per.data.dir"),
            };
            var replicas = new ReplicaListener(system, identity.NodeId, table, environment, configs.ReplicaConfigOf);
            var groups = new GroupCoordinators(
                system, identity.NodeId, table, configs, disk, () => Guid.NewGuid().ToString(), settings.Loggers.CreateLogger("AkkaStream.Broker"));
            var cluster = await LocalCluster.StartAsync(
                system, files, directories.All, identity, ClusterSettings(settings, configs.Layers, identity, endpoints),
                [configs, new LiveNetLimits(configs, net, settings.Net), replicas, groups], Chance.NewId).ConfigureAwait(false);
            var node = new BrokerNode(configs.Settings.FetchSessionSlots, settings.Time, Chance.NewInt)
            {
                Configs = configs,
                Replicas = table,
                Environment = environment,
                Controller = new LocalController(cluster),
                Groups = groups,
                Timers = system.Timers,
                WorkLane = system.Dispatcher(WorkLane),
                DiskLane = disk,
                Time = settings.Time,
                Log = settings.Loggers.CreateLogger("AkkaStream.Broker"),
            };
            net.Start(loop => new RequestRouter(node, loop));
            return new AkkaStreamHost(
                new NodeParts(system, net, identity, cluster, replicas, groups, directories, locks, bound.Select(b => b.Address).ToList()));
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

    sealed record BoundListener(string Name, IPEndPoint Address);

    static ITransport Transport() => OperatingSystem.IsLinux() ? new LinuxTransport() : new PortableTransport();

    /// <summary>A disk that fails keeps its partitions, not the broker; the first one holds the metadata, and nothing works without.</summary>
    static IReadOnlyList<string> Lost(IReadOnlyList<string> dirs, ILogFiles files, ILogger log)
    {
        var lost = new List<string>();
        foreach (string directory in dirs.Skip(1))
        {
            if (LogDirectory.Probe(directory, files) is not { } cause) continue;
            ServerTrace.DirectoryLost(log, directory, cause);
            lost.Add(directory);
        }
        return lost;
    }

    /// <summary>Checks after a crash, in each directory at the same time, leave some of the lane to requests.</summary>
    static int DiskThreads(AkkaStreamSettings settings)
    {
        bool isSet = int.TryParse(settings.Properties.GetValueOrDefault("num.recovery.threads.per.data.dir"), out int checks);
        return Math.Clamp(settings.LogDirs.Count * (isSet ? checks : 2) + 2, 4, 64);
    }

    static ActorSystemSettings ActorSettings(AkkaStreamSettings settings) => new()
    {
        Dispatchers =
        [
            new DispatcherSettings { Name = WorkLane },
            new DispatcherSettings { Name = DiskLane, Threads = DiskThreads(settings) },
            DispatcherSettings.Inline(ReplicaEnvironment.Dispatcher, backing: WorkLane),
            DispatcherSettings.Inline(GroupCoordinators.Dispatcher, backing: WorkLane),
            EmbeddedStore.Dispatcher,
        ],
    };

    static IReadOnlyList<EndpointImage> Endpoints(
        AkkaStreamSettings settings, IReadOnlyList<BoundListener> bound) =>
        [.. bound.Select(b => settings.Advertised.TryGetValue(b.Name, out var told)
            ? new EndpointImage(b.Name, told.Host, told.Port == 0 ? b.Address.Port : told.Port, 0)
            : new EndpointImage(b.Name, b.Address.Address.ToString(), b.Address.Port, 0))];

    /// <summary>The file, and beside it what is settled only now, so that tools are told the truth.</summary>
    static Dictionary<string, string> StaticConfigs(
        AkkaStreamSettings settings, LocalIdentity identity, IReadOnlyList<BoundListener> bound,
        IReadOnlyList<EndpointImage> endpoints, IReadOnlyList<string> dirs)
    {
        var configs = new Dictionary<string, string>(settings.Properties);
        if (!configs.ContainsKey("broker.id")) configs.TryAdd("node.id", identity.NodeId.ToString());
        if (!configs.ContainsKey("log.dir")) configs.TryAdd("log.dirs", string.Join(',', dirs));
        configs.TryAdd("listeners", string.Join(',', bound.Select(b => $"{b.Name}://{b.Address}")));
        configs.TryAdd("advertised.listeners", string.Join(',', endpoints.Select(e => $"{e.Listener}://{e.Host}:{e.Port}")));
        return configs;
    }

    static LocalClusterSettings ClusterSettings(
        AkkaStreamSettings settings, BrokerLayers configs, LocalIdentity identity, IReadOnlyList<EndpointImage> endpoints) => new()
    {
        Controller = new ControllerSettings
        {
            NodeId = identity.NodeId,
            ClusterId = identity.ClusterId,
            StaticConfigs = configs.Static,
            DefaultPartitions = (int)configs.NumberOf("num.partitions"),
            DefaultReplicationFactor = (int)configs.NumberOf("default.replication.factor"),
            DeleteTopicEnable = configs.NumberOf("delete.topic.enable") != 0,
            SupportedFeatures = FeatureLevels.Served,
            InitialFeatures = FeatureLevels.OfNewCluster,
        },
        Rack = settings.Rack,
        Endpoints = endpoints,
        KafkaMetadataDirs = KafkaMetadataDirs(settings),
    };

    /// <summary>Where Kafka kept its cluster's metadata, when not among the partitions.</summary>
    public static IReadOnlyList<string> KafkaMetadataDirs(AkkaStreamSettings settings) =>
        settings.Properties.GetValueOrDefault("metadata.log.dir") is { Length: > 0 } directory
        && !settings.LogDirs.Any(d => Path.GetFullPath(d) == Path.GetFullPath(directory)) ? [directory] : [];

    sealed class LocalController(LocalCluster cluster) : IController
    {
        public MetadataImage Image => cluster.Metadata.Current;

        public ValueTask<TResponse> Ask<TResponse>(IRequest<TResponse> request, short version, RequestOrigin origin, TimeSpan timeout)
            where TResponse : class, IMessage => cluster.Controller.Ask(request, version, origin, timeout);
    }
}
