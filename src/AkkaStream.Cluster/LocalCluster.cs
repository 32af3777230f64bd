using AkkaStream.Actors;
using AkkaStream.Cluster.Adoption;
using AkkaStream.Cluster.Controller;
using AkkaStream.Cluster.Store;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster;

/// <summary>
/// A cluster of one: store, controller and publisher in this process. Made by Server; when <see cref="StartAsync"/> ends the
/// store has been read, this broker is registered as a new incarnation, and every listener has followed the first image.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    const string ControllerLease = "controller";
    static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    readonly IMetadataStore _store;
    readonly IStoreLease _lease;
    readonly IActorRef _controllerActor;

    LocalCluster(IMetadataStore store, IStoreLease lease, IActorRef controller, MetadataPublisher metadata, RequestOrigin self,
        BrokerEpoch epoch, LogDirectory directory)
    {
        _store = store;
        _lease = lease;
        _controllerActor = controller;
        Metadata = metadata;
        Controller = new ControllerClient(controller);
        BrokerEpoch = epoch;
        StoreDirectory = directory.DirectoryPath;
        IsrProposer = new IsrProposals(Controller, self, epoch);
    }

    /// <summary>What everybody sees: the newest image that all listeners have followed.</summary>
    public MetadataPublisher Metadata { get; }

    public ControllerClient Controller { get; }

    public IIsrProposer IsrProposer { get; }

    /// <summary>Of this life of the broker; belongs into the clean-stop marker of its log directories.</summary>
    public BrokerEpoch BrokerEpoch { get; }

    /// <summary>How the store's log is called in there. It is no topic's, though it looks like one.</summary>
    public static PartitionName StorePartition => MetadataLog.Name;

    /// <summary>Which of the log directories has the metadata.</summary>
    public string StoreDirectory { get; }

    /// <param name="system">Must have the dispatcher <see cref="EmbeddedStore.Dispatcher"/>.</param>
    /// <param name="directories">The log directories, opened; a new store goes into the first.</param>
    /// <param name="newId">Random ids; chance is the caller's.</param>
    /// <exception cref="LogDamagedException">The store cannot be trusted.</exception>
    /// <exception cref="IdentityException">The directories hold a cluster whose metadata is not here.</exception>
    public static async Task<LocalCluster> StartAsync(ActorSystem system, ILogFiles files, IReadOnlyList<LogDirectory> directories,
        LocalIdentity identity, LocalClusterSettings settings, IReadOnlyList<IMetadataListener> listeners, Func<Uuid> newId)
    {
        ILogger trace = system.Loggers.CreateLogger("AkkaStream.Cluster");
        LogDirectory directory = ChooseDirectory(files, directories)
            ?? Adopt(files, directories, identity, settings, newId, system.Time.GetUtcNow().ToUnixTimeMilliseconds(), trace);
        IMetadataStore store = EmbeddedStore.Open(system, directory, files, settings.Store);
        try
        {
            return await StartAsync(system, store, directory, identity, settings, listeners, newId, trace).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    static async Task<LocalCluster> StartAsync(ActorSystem system, IMetadataStore store, LogDirectory directory, LocalIdentity identity,
        LocalClusterSettings settings, IReadOnlyList<IMetadataListener> listeners, Func<Uuid> newId, ILogger trace)
    {
        IStoreLease lease = await store.TryLeaseAsync(ControllerLease).ConfigureAwait(false)
            ?? throw new InvalidOperationException("There is a controller on this store already");
        ControllerEpoch epoch = await store.ClaimControllerAsync().ConfigureAwait(false);
        ControllerState DecidingOn(MetadataImage image) => new(image, settings.Controller, newId);
        MetadataImage found = await store.LoadAsync().ConfigureAwait(false);
        MetadataImage start = await BootstrapAsync(store, DecidingOn(found), epoch).ConfigureAwait(false);

        var publisher = new MetadataPublisher(listeners, trace);
        IActorRef controller = system.ActorOf(
            Props.Create(() => new ControllerActor(DecidingOn, start, store, epoch, publisher, system.Time, trace)), "controller");
        var self = new RequestOrigin(identity.NodeId, "User:ANONYMOUS", ClientId: null, Listener: "");
        BrokerRegistrationResponse registered = await new ControllerClient(controller)
            .Ask(Registration(identity, settings, newId(), directory.PreviousBrokerEpoch), 4, self, StartTimeout).ConfigureAwait(false);
        if (registered.ErrorCode != ErrorCode.None)
            throw new IdentityException($"This broker cannot register in its cluster: {ErrorCodes.NameOf(registered.ErrorCode)}, " +
                ErrorCodes.Describe(registered.ErrorCode).Message);
        ClusterTrace.BrokerRegistered(trace, identity.NodeId.Value, registered.BrokerEpoch, identity.ClusterId, epoch.Value);
        return new LocalCluster(store, lease, controller, publisher, self, new BrokerEpoch(registered.BrokerEpoch), directory);
    }

    /// <summary>What a new cluster begins with, before anybody can ask for anything.</summary>
    static async Task<MetadataImage> BootstrapAsync(IMetadataStore store, ControllerState state, ControllerEpoch epoch)
    {
        if (state.Image.Features.Levels.Count > 0) return state.Image;
        var append = new MetadataAppend(epoch, state.Image.Revision, state.Bootstrap());
        AppendOutcome outcome = await store.AppendAsync(append).ConfigureAwait(false);
        if (outcome.Verdict != AppendVerdict.Committed) throw new IOException($"The metadata store cannot be begun: {outcome.Reason}");
        state.Apply(append.Records);
        return state.Image;
    }

    static BrokerRegistrationRequest Registration(LocalIdentity identity, LocalClusterSettings settings, Uuid incarnation,
        long previousEpoch) => new()
    {
        BrokerId = identity.NodeId.Value,
        ClusterId = identity.ClusterId,
        IncarnationId = incarnation,
        Listeners = [.. settings.Endpoints.Select(e => new BrokerRegistrationRequestListener
        {
            Name = e.Listener,
            Host = e.Host,
            Port = (ushort)e.Port,
            SecurityProtocol = e.SecurityProtocol,
        })],
        Features = [.. settings.Controller.SupportedFeatures.Select(f => new BrokerRegistrationRequestFeature
        {
            Name = f.Key,
            MinSupportedVersion = f.Value.Lowest,
            MaxSupportedVersion = f.Value.Highest,
        })],
        Rack = settings.Rack,
        LogDirs = [.. identity.Directories.Select(d => d.Id.Value)],
        PreviousBrokerEpoch = previousEpoch,
    };

    /// <summary>The directory that has the store already, wherever it stands in log.dirs; null when none has.</summary>
    static LogDirectory? ChooseDirectory(ILogFiles files, IReadOnlyList<LogDirectory> directories)
    {
        LogDirectory[] having = [.. directories.Where(d => AdoptedStore.Exists(files, d.DirectoryPath))];
        if (having.Length > 1)
            throw new IdentityException($"{having[0].DirectoryPath} and {having[1].DirectoryPath} both hold metadata ({MetadataLog.Name}). " +
                "Only one is this cluster's: take the other one out of log.dirs");
        return having.Length == 1 ? having[0] : null;
    }

    /// <summary>
    /// The first directory, for a new store. What Kafka left there is taken over; partitions without any metadata that says whose they are
    /// would all look like leftovers: better not to start than to begin an empty cluster beside somebody's data.
    /// </summary>
    static LogDirectory Adopt(ILogFiles files, IReadOnlyList<LogDirectory> directories, LocalIdentity identity, LocalClusterSettings settings,
        Func<Uuid> newId, long nowMs, ILogger trace)
    {
        string[] paths = [.. directories.Select(d => d.DirectoryPath), .. settings.KafkaMetadataDirs];
        var found = KafkaDirectories.Look(files, paths);
        if (found.Metadata is null && found.Partitions.Count == 0) return directories[0];
        if (found.Metadata is null && !found.IsConfirmed)
            throw new IdentityException($"log.dirs holds partitions ({found.Partitions[0].Name} and others), but neither this broker's " +
                $"metadata ({MetadataLog.Name}) nor Kafka's ({KafkaMetadataReader.DirectoryName}). Add the directory that does, restore it from " +
                "a backup, name empty directories, or have the partitions taken over as they are: see akkastream adopt --help");
        var plan = found.Surveyed(directories).Plan(identity.NodeId, newId);
        if (plan.Problems.Count > 0)
            throw new IdentityException($"What Kafka left in log.dirs cannot be taken over: {string.Join(" ", plan.Problems)}");
        foreach (string note in plan.Notes) ClusterTrace.AdoptionNote(trace, note);
        AdoptedStore.Begin(files, directories[0], plan.Image, nowMs);
        found.TakeBackConfirmation();
        ClusterTrace.Adopted(trace, plan.Image.Topics.Count, plan.Image.Topics.PartitionCount, plan.Image.NextProducerId.Value);
        return directories[0];
    }

    /// <summary>Whoever asks from now on is refused; what was begun is made durable, and the store closed cleanly.</summary>
    public async ValueTask DisposeAsync()
    {
        await _controllerActor.GracefulStop(StopTimeout).ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }
}
