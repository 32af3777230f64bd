using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster.Store;

/// <summary>
/// The metadata store of one process, without any other: durable in the first log directory, or on <see cref="MemoryFiles"/>
/// for a broker without a disk. A batch counts as committed after a sync, and all batches that wait share one.
/// </summary>
public sealed class EmbeddedStore : IMetadataStore
{
    /// <summary>The dispatcher that the actor system must have: the store waits for the disk, on a thread of its own.</summary>
    public static readonly DispatcherSettings Dispatcher = new() { Name = "metadata-store", Kind = DispatcherKind.Pinned };

    /// <summary>Far longer than a disk may take: whoever is not answered by then talks to a store that is stuck.</summary>
    static readonly TimeSpan Stuck = TimeSpan.FromMinutes(5);

    readonly IActorRef _actor;
    bool _isClosed;

    EmbeddedStore(IActorRef actor) => _actor = actor;

    /// <summary>Waits for the disk.</summary>
    /// <exception cref="LogDamagedException">What is stored cannot be trusted.</exception>
    public static EmbeddedStore Open(ActorSystem system, LogDirectory directory, ILogFiles files, MetadataLogSettings settings)
    {
        ILogger trace = system.Loggers.CreateLogger("AkkaStream.Cluster.Store");
        (MetadataLog log, MetadataImage image) = MetadataLog.Open(
            directory, files, settings, system.Time.GetUtcNow().ToUnixTimeMilliseconds());
        ClusterTrace.StoreOpened(trace, directory.DirectoryPath, image.Revision.Value, image.Topics.Count, image.Topics.PartitionCount);
        Props props = Props.Create(() => new EmbeddedStoreActor(log, image, system.Time, trace)).WithDispatcher(Dispatcher.Name);
        return new EmbeddedStore(system.ActorOf(props, "metadata-store"));
    }

    public ValueTask<MetadataImage> LoadAsync() => _actor.Ask<MetadataImage>(LoadStore.Instance, Stuck);

    public ValueTask<ControllerEpoch> ClaimControllerAsync() => _actor.Ask<ControllerEpoch>(ClaimController.Instance, Stuck);

    public ValueTask<AppendOutcome> AppendAsync(MetadataAppend append) => _actor.Ask<AppendOutcome>(append, Stuck);

    public async ValueTask<IAsyncDisposable> WatchAsync(MetadataRevision after, IMetadataWatcher watcher)
    {
        await _actor.Ask<BeginWatch>(new BeginWatch(after, watcher), Stuck).ConfigureAwait(false);
        return new Watch(_actor, watcher);
    }

    public async ValueTask<IStoreLease?> TryLeaseAsync(string name)
    {
        object answer = await _actor.Ask<object>(new TakeLease(name), Stuck).ConfigureAwait(false);
        return answer is TakeLease ? new Lease(_actor, name) : null;
    }

    public void OfferSnapshot(MetadataImage committed) => _actor.Tell(new OfferedSnapshot(committed), null);

    /// <summary>All that was begun is made durable first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        await _actor.Ask<StoreClosed>(CloseStore.Instance, Stuck).ConfigureAwait(false);
    }

    sealed class Watch(IActorRef actor, IMetadataWatcher watcher) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            actor.Tell(new EndWatch(watcher), null);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Everything that could take it away ends with the process, and this with it.</summary>
    sealed class Lease(IActorRef actor, string name) : IStoreLease
    {
        public string Name => name;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask DisposeAsync()
        {
            actor.Tell(new ReturnLease(name), null);
            return ValueTask.CompletedTask;
        }
    }
}
