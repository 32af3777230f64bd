using AkkaStream.Metadata;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Store;

/// <summary>
/// The store seam: where cluster metadata is true. One model for all stores: a history of batches of Kafka's metadata
/// records with a revision that only grows, written by one controller at a time, each write guarded by the controller's
/// epoch and by the revision it was decided on. Safe on every thread.
/// </summary>
public interface IMetadataStore : IAsyncDisposable
{
    /// <summary>All that is committed. Whoever claims the controller's place loads afterwards, never before.</summary>
    ValueTask<MetadataImage> LoadAsync();

    /// <summary>A new epoch, durable before this ends: from now on writes of every older one are refused.</summary>
    ValueTask<ControllerEpoch> ClaimControllerAsync();

    /// <summary>
    /// Writes the records as one batch that stands or falls as a whole. Ends when the batch is committed, which includes
    /// durable, or refused. Appends are taken in the order in which they were begun; several may be under way.
    /// </summary>
    ValueTask<AppendOutcome> AppendAsync(MetadataAppend append);

    /// <summary>
    /// Tells the watcher every batch committed after this revision, in order, each once. Those that a snapshot has swallowed
    /// come as one batch of records from the empty image.
    /// </summary>
    ValueTask<IAsyncDisposable> WatchAsync(MetadataRevision after, IMetadataWatcher watcher);

    /// <summary>The right to be the only one of that name, or null while somebody else has it. Ends with its disposal.</summary>
    ValueTask<IStoreLease?> TryLeaseAsync(string name);

    /// <summary>
    /// A committed image, newer than any before. A store that keeps a history takes it as a snapshot when its history has
    /// grown enough; it may ignore it. Returns at once.
    /// </summary>
    void OfferSnapshot(MetadataImage committed);
}

/// <param name="Epoch">The writer's.</param>
/// <param name="Expected">The revision after which the records were decided: if the store has moved on, they are refused.</param>
public sealed record MetadataAppend(ControllerEpoch Epoch, MetadataRevision Expected, IReadOnlyList<IStoredMessage> Records);

public enum AppendVerdict
{
    Committed,

    /// <summary>There is a newer controller.</summary>
    StaleEpoch,

    /// <summary>The store is at another revision than the writer thought.</summary>
    WrongRevision,

    /// <summary>The store has no room for it. Nothing was written, and a later append may succeed.</summary>
    NoSpace,

    /// <summary>The batch is larger than the store takes. Nothing was written.</summary>
    TooLarge,

    /// <summary>The store can write no more until it is opened again.</summary>
    Offline,
}

/// <param name="Revision">Of the last record, if committed; otherwise where the store stands.</param>
/// <param name="Reason">For the log and the answer, if it is not committed.</param>
public sealed record AppendOutcome(AppendVerdict Verdict, MetadataRevision Revision, string? Reason = null);

/// <summary>Whoever follows the store. Called on the store's own thread: takes the batch and returns.</summary>
public interface IMetadataWatcher
{
    void OnCommitted(CommittedBatch batch);
}

/// <param name="Revision">Of the last record.</param>
/// <param name="IsSnapshot">The records tell a whole image and not a change.</param>
public sealed record CommittedBatch(MetadataRevision Revision, IReadOnlyList<IStoredMessage> Records, bool IsSnapshot);

/// <summary>The right to be the only one of a name, for as long as this is not disposed or lost.</summary>
public interface IStoreLease : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Cancelled when the right has ended without the holder's doing.</summary>
    CancellationToken Lost { get; }
}
