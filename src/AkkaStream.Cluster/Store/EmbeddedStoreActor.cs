using AkkaStream.Actors;
using AkkaStream.Metadata;
using AkkaStream.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster.Store;

/// <summary>
/// The embedded store's one thread. It waits for the disk in its turns, which is why it has a thread of its own: appends
/// that arrive while a sync runs lie in its mailbox, are written together, and share the next sync.
/// </summary>
sealed class EmbeddedStoreActor : ReceiveActor
{
    readonly MetadataLog _log;
    readonly TimeProvider _time;
    readonly ILogger _trace;
    readonly Queue<(ReplyTo Reply, MetadataRevision Revision, IReadOnlyList<IStoredMessage> Records)> _written = [];
    readonly List<IMetadataWatcher> _watchers = [];
    readonly HashSet<string> _leases = [];
    MetadataImage? _opened;
    bool _syncIsDue;
    bool _isClosed;

    /// <param name="opened">What the log held when it was opened: for the first who loads. Later ones read the log again.</param>
    public EmbeddedStoreActor(MetadataLog log, MetadataImage opened, TimeProvider time, ILogger trace)
    {
        _log = log;
        _opened = opened;
        _time = time;
        _trace = trace;
        Receive<MetadataAppend>(OnAppend);
        Receive<SyncDue>(_ => OnSyncDue());
        Receive<LoadStore>(_ => OnLoad());
        Receive<ClaimController>(_ => OnClaim());
        Receive<BeginWatch>(OnBeginWatch);
        Receive<EndWatch>(m => _watchers.Remove(m.Watcher));
        Receive<TakeLease>(m => Reply(_leases.Add(m.Name) ? m : LeaseTaken.Instance));
        Receive<ReturnLease>(m => _leases.Remove(m.Name));
        Receive<OfferedSnapshot>(OnOfferedSnapshot);
        Receive<CloseStore>(_ => OnClose());
    }

    long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    protected override void PostStop()
    {
        if (!_isClosed) _log.Close(clean: false);
    }

    /// <summary>
    /// After an error of our own nothing is known of the log in memory. It is let go: who asks hears that the store is
    /// gone, and the next start reads what is on the disk.
    /// </summary>
    protected override void PostRestart(Exception reason)
    {
        ClusterTrace.StoreOffline(_trace, reason.Message);
        Context.Stop(Self);
    }

    void OnAppend(MetadataAppend append)
    {
        AppendVerdict verdict = _log.Append(append, NowMs, out string? reason);
        if (verdict != AppendVerdict.Committed)
        {
            ClusterTrace.AppendRefused(_trace, verdict, _log.End.Value, reason ?? "");
            Reply(new AppendOutcome(verdict, _log.End, reason));
            return;
        }

        _written.Enqueue((DeferReply(), _log.End, append.Records));
        if (_syncIsDue) return;
        _syncIsDue = true;
        Self.Tell(SyncDue.Instance);
    }

    void OnSyncDue()
    {
        _syncIsDue = false;
        string? problem = _log.Flush();
        if (problem is not null) ClusterTrace.StoreOffline(_trace, problem);
        while (_written.TryDequeue(out var written))
        {
            if (problem is not null)
            {
                written.Reply.Tell(new AppendOutcome(AppendVerdict.Offline, _log.Committed, problem));
                continue;
            }

            // The watchers first: whoever asked may act on what everybody can know already.
            var batch = new CommittedBatch(written.Revision, written.Records, IsSnapshot: false);
            foreach (IMetadataWatcher watcher in _watchers) watcher.OnCommitted(batch);
            written.Reply.Tell(new AppendOutcome(AppendVerdict.Committed, written.Revision));
        }
    }

    void OnLoad() => ReplyOrFail(() =>
    {
        if (_syncIsDue) OnSyncDue();
        MetadataImage image = LoadCommitted();
        _opened = null;
        return image;
    });

    /// <summary>A disk that fails is the asker's to hear of; the store itself goes on and says so again.</summary>
    void ReplyOrFail(Func<object> answer)
    {
        try
        {
            Reply(answer());
        }
        catch (IOException e)
        {
            Reply(new Status.Failure(e));
        }
    }

    MetadataImage LoadCommitted() => _opened is { } opened && opened.Revision == _log.Committed ? opened : _log.Load();

    void OnClaim() => ReplyOrFail(() =>
    {
        if (_syncIsDue) OnSyncDue();
        ControllerEpoch epoch = _log.Claim();
        ClusterTrace.ControllerClaimed(_trace, epoch.Value, _log.Committed.Value);
        return epoch;
    });

    void OnBeginWatch(BeginWatch watch) => ReplyOrFail(() =>
    {
        if (_syncIsDue) OnSyncDue();
        if (_log.Committed > watch.After)
        {
            MetadataImage image = LoadCommitted();
            watch.Watcher.OnCommitted(new CommittedBatch(image.Revision, [.. ImageRecords.Of(image)], IsSnapshot: true));
        }

        _watchers.Add(watch.Watcher);
        return watch;
    });

    void OnOfferedSnapshot(OfferedSnapshot offered)
    {
        if (!_log.SnapshotIsDue || offered.Image.Revision > _log.Committed) return;
        if (_log.TakeSnapshot(offered.Image, NowMs) is { } problem) ClusterTrace.SnapshotPutOff(_trace, offered.Image.Revision.Value, problem);
        else ClusterTrace.SnapshotTaken(_trace, offered.Image.Revision.Value);
    }

    void OnClose()
    {
        if (_syncIsDue) OnSyncDue();
        _isClosed = true;
        ReplyOrFail(() =>
        {
            _log.Close(clean: true);
            return StoreClosed.Instance;
        });
        Context.Stop(Self);
    }
}
