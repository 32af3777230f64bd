using AkkaStream.Actors;
using AkkaStream.Log;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>
/// One replica of one partition. Everything that writes to its log is a message here, so that the log has one writer; readers use the
/// view that it publishes. Runs on the thread that brings the message when it is idle. Its log is opened when somebody first needs
/// it, on the disk lane; what arrives meanwhile waits.
/// </summary>
sealed partial class PartitionReplica(LocalReplica self, ReplicaEnvironment environment) : UntypedActor
{
    /// <summary>How long producers wait for a log that is being opened; checking one after a crash may take long.</summary>
    static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(5);

    readonly List<AppendBatches> _waitingAppends = [];
    readonly List<IActorRef> _waitingOpens = [];
    readonly List<(object Message, IActorRef Sender)> _waitingOthers = [];
    PartitionLog? _log;
    bool _opening;
    ErrorCode _offline;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AppendBatches append: OnAppend(append); break;
            case OpenReplica: OnOpen(); break;
            case OpeningTooLong: RefuseWaiting(); break;
            case NeedLog: if (!IsReady) StartOpening(); break;
            case LogOpened opened: OnOpened(opened.Log); break;
            case LogNotOpened failed: OnNotOpened(failed.Cause); break;
            case TakeStanding take: OnTakeStanding(take.Standing); break;
            case TrimLog or GetProducers when !IsReady: WaitForLog(message); break;
            case TrimLog trim: OnTrim(trim.UpTo); break;
            case LogStartPersisted persisted: OnStartPersisted(persisted); break;
            case GetProducers: Sender.Tell(_log is null ? [] : _log.DescribeProducers()); break;
            case CloseReplica close: OnClose(close.Delete); break;
            default: Unhandled(message); break;
        }
    }

    bool IsReady => _log is not null || _offline != ErrorCode.None;

    void OnAppend(AppendBatches append)
    {
        var standing = self.Standing;
        if (!standing.IsLeader)
        {
            append.Refuse(standing.Refusal);
            return;
        }
        if (append.OnlyIn.IsKnown && append.OnlyIn != standing.Epoch)
        {
            append.Refuse(ErrorCode.NotLeaderOrFollower);
            return;
        }
        if (_log is null)
        {
            if (_offline != ErrorCode.None)
            {
                append.Refuse(_offline, BatchFault.LogOffline);
                return;
            }
            _waitingAppends.Add(append);
            if (!Timers.IsTimerActive(OpeningTooLong.Instance))
                Timers.StartSingleTimer(OpeningTooLong.Instance, OpeningTooLong.Instance, OpeningPatience);
            StartOpening();
            return;
        }
        if (!standing.HasEnoughInSync) RefuseThoseWhoNeedMore(append);
        // The only replica is in sync with itself: what is written is committed.
        _log.AppendAsLeader(append.Batches, standing.Epoch, environment.NowMs(), isCommitted: standing.InSync <= 1);
        var view = _log.View;
        // Whoever has the answer may read at once, so the view comes before it; others that wait for news come after the producer.
        self.Show(view);
        append.Answer(view.StartOffset);
        self.Waiters.Signal();
        if (_log.OfflineReason is { } reason) GoOffline(reason);
    }

    /// <summary>They ask for metadata and come back; what they sent was not taken.</summary>
    void RefuseWaiting()
    {
        if (IsReady) return;
        foreach (var append in _waitingAppends) append.Refuse(ErrorCode.NotLeaderOrFollower);
        _waitingAppends.Clear();
    }

    static void RefuseThoseWhoNeedMore(AppendBatches append)
    {
        var batches = append.Batches;
        for (int i = 0; i < batches.Length; i++)
        {
            if (append.AcksOf(i) == -1 && batches[i].Error == ErrorCode.None) batches[i].Refuse(ErrorCode.NotEnoughReplicas, BatchFault.None);
        }
    }

    void OnOpen()
    {
        if (IsReady)
        {
            Sender.Tell(new ReplicaOpened(_log?.View, _offline));
            return;
        }
        _waitingOpens.Add(Sender);
        StartOpening();
    }

    void WaitForLog(object message)
    {
        _waitingOthers.Add((message, Sender));
        StartOpening();
    }

    void StartOpening()
    {
        if (_opening) return;
        _opening = true;
        var me = Self;
        var config = self.Standing.Config;
        environment.DiskLane.Schedule(new LaneWork(() =>
        {
            try { me.Tell(new LogOpened(environment.Open(self, config))); }
            catch (Exception e) { me.Tell(new LogNotOpened(e)); }
        }));
    }

    void OnOpened(PartitionLog log)
    {
        _opening = false;
        _log = log;
        var standing = self.Standing;
        log.Configure(standing.Config);
        if (standing.InSync <= 1) log.AdvanceHighWatermark(log.EndOffset);
        if (standing.IsLeader) Lead(standing.Epoch);
        if (_log is not null) self.Publish(log.View);
        Release();
    }

    void OnNotOpened(Exception cause)
    {
        _opening = false;
        ReplicationTrace.NotOpened(environment.Log, self, environment.DirectoryOf(self), cause.Message);
        GoOffline(null);
        Release();
    }

    void GoOffline(string? cause)
    {
        if (cause is not null) ReplicationTrace.WentOffline(environment.Log, self, cause);
        _offline = ErrorCode.KafkaStorageError;
        _log = null;
        self.Stand(self.Standing with { Refusal = ErrorCode.KafkaStorageError });
        environment.NoteOffline();
        self.Publish(null);
    }

    /// <summary>What waited for the log goes on, in the order in which it came within each kind.</summary>
    void Release()
    {
        var opened = new ReplicaOpened(_log?.View, _offline);
        foreach (var waiting in _waitingOpens) waiting.Tell(opened);
        _waitingOpens.Clear();
        Timers.Cancel(OpeningTooLong.Instance);
        foreach (var append in _waitingAppends) OnAppend(append);
        _waitingAppends.Clear();
        foreach (var (message, sender) in _waitingOthers) Self.Tell(message, sender);
        _waitingOthers.Clear();
    }

    void OnTakeStanding(ReplicaStanding standing)
    {
        try
        {
            OnStanding(standing);
        }
        finally
        {
            // All other partitions wait for this word.
            Sender.Tell(StandingTaken.Instance);
        }
    }

    void OnStanding(ReplicaStanding standing)
    {
        if (standing.IsLeader && standing.Epoch != self.Standing.Epoch) ReplicationTrace.Leads(environment.Log, self, standing.Epoch.Value);
        if (_offline != ErrorCode.None) standing = standing with { Refusal = _offline };
        _log?.Configure(standing.Config);
        if (_log is not null && standing.IsLeader) Lead(standing.Epoch);
        self.Stand(standing);
    }

    void Lead(LeaderEpoch epoch)
    {
        try
        {
            _log!.BeginLeaderEpoch(epoch);
        }
        catch (IOException e)
        {
            GoOffline(e.Message);
        }
    }

    void OnClose(bool delete)
    {
        self.Stand(self.Standing with { Refusal = delete ? ErrorCode.UnknownTopicOrPartition : ErrorCode.NotLeaderOrFollower });
        try
        {
            _log?.Close(clean: !delete);
        }
        catch (Exception e)
        {
            ReplicationTrace.NotClosed(environment.Log, self, e.Message);
        }
        _log = null;
        _offline = self.Standing.Refusal;
        RefuseTrims();
        self.Publish(null);
        Release();
        Sender.Tell(new ReplicaClosed(self));
        Context.Stop(Self);
    }

    sealed class LaneWork(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}
